//! What becomes of a call.

use super::*;

/// An ordinary call against a stop: the answer or the reason, never silence.
#[test]
fn call_versus_stop() {
    explore(2, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let stopper = s.apart(|s| s.stop(ExitReason::Shutdown));
        match s.call(Message::Slow) {
            Ok(1) | Err(CallError::NotRunning | CallError::Exited(ExitReason::Shutdown)) => {}
            other => panic!("{other:?}"),
        }
        stopper.join().unwrap();
        carrier.join().unwrap();
    });
}

/// A caller that gives up while its call is handled: the slot is freed once, and the server goes on.
#[test]
fn caller_gives_up() {
    explore(3, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let mut call = by_hand(s.asking(Message::Slow));
        call.run();
        drop(call);
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
        assert_eq!(s.exited(), ExitReason::Normal);
    });
}

/// A server that is handling a call, whose token it has given away.
struct Parked<F: Future> {
    s: Subject,
    carrier: Carrier<Message>,
    token: Reply<u64>,
    call: F,
}

fn parked() -> Parked<impl Future<Output = Result<u64, CallError>> + Unpin> {
    let (s, mut carrier) = born();
    assert!(poll_once(&mut carrier).is_pending());
    let (to, from) = std::sync::mpsc::channel();
    let mut call = Box::pin(s.asking(|reply| Message::Park(reply, to)));
    assert!(poll_once(&mut call).is_pending());
    let token = from.recv().expect("the caller has run the handler");
    Parked {
        s,
        carrier,
        token,
        call,
    }
}

/// The holder replies, and then the server ends: the reply wins.
#[test]
fn parked_reply_before_death_wins() {
    explore(4, || {
        let Parked {
            s,
            carrier,
            token,
            call,
        } = parked();
        let holder = s.apart(|s| {
            token.send(5);
            s.stop(ExitReason::Shutdown);
            block_on(carrier);
        });
        assert_eq!(block_on(call), Ok(5));
        holder.join().unwrap();
    });
}

/// The token is kept, and the server ends: the caller is not left hanging.
#[test]
fn parked_token_outlives_the_server() {
    explore(4, || {
        let Parked {
            s,
            carrier,
            token,
            call,
        } = parked();
        s.stop(ExitReason::Shutdown);
        let carrier = carry(carrier);
        let answer = block_on(call);
        assert_eq!(answer, Err(CallError::Exited(ExitReason::Shutdown)));
        carrier.join().unwrap();
        token.send(5);
    });
}

/// Death, the drop of the token and the caller at once: one answer, and memory freed once.
#[test]
fn parked_token_dropped_while_the_server_dies() {
    explore(3, || {
        let Parked {
            s,
            carrier,
            token,
            call,
        } = parked();
        s.stop(ExitReason::Shutdown);
        let carrier = carry(carrier);
        let holder = thread::spawn(move || drop(token));
        let answer = block_on(call);
        let right = matches!(
            answer,
            Err(CallError::NoReply | CallError::Exited(ExitReason::Shutdown))
        );
        assert!(right, "{answer:?}");
        carrier.join().unwrap();
        holder.join().unwrap();
    });
}
