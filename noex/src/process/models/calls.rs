//! What becomes of a call.

use super::*;

/// An ordinary call against a stop: the answer or the reason, never silence.
#[test]
fn call_versus_stop() {
    explore(3, || {
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
        let mut call = s.process.call(None, Message::Slow);
        drop(poll_once(&mut call));
        drop(call);
        assert!(s.call(Message::Add).is_ok());
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}

/// A call, while another thread does something with its parked token and the server.
fn with_parked_token(
    deed: impl FnOnce(Reply<u64>, Subject) + Send + 'static,
) -> Result<u64, CallError> {
    let (s, carrier) = born();
    let carrier = carry(carrier);
    let me = s.clone();
    let answer = s.call(|reply| {
        let deed = Box::new(move |reply| drop(me.apart(move |me| deed(reply, me))));
        Message::Park(reply, deed)
    });
    carrier.join().unwrap();
    answer
}

/// The holder replies and then stops the server: the reply wins.
#[test]
fn parked_reply_before_death_wins() {
    explore(2, || {
        let answer = with_parked_token(|reply, s| {
            reply.send(5);
            s.stop(ExitReason::Shutdown);
        });
        assert_eq!(answer, Ok(5));
    });
}

/// The holder stops the server and keeps the token: the caller is not left hanging.
#[test]
fn parked_token_outlives_the_server() {
    explore(2, || {
        let kept = Arc::new(Mutex::new(None));
        let keep = kept.clone();
        let answer = with_parked_token(move |reply, s| {
            s.stop(ExitReason::Shutdown);
            *keep.lock().unwrap() = Some(reply);
        });
        assert_eq!(answer, Err(CallError::Exited(ExitReason::Shutdown)));
    });
}

/// Death and the drop of the token at once: one answer, and memory freed once.
#[test]
fn parked_token_dropped_while_the_server_dies() {
    explore(2, || {
        let answer = with_parked_token(|reply, s| {
            s.stop(ExitReason::Shutdown);
            drop(reply);
        });
        let right = matches!(
            answer,
            Err(CallError::NoReply | CallError::Exited(ExitReason::Shutdown))
        );
        assert!(right, "{answer:?}");
    });
}
