//! How processes end.

use super::*;

/// Two stops at once: one reason, both see it, nobody waits for ever.
#[test]
fn two_stops() {
    explore(3, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let other = s.apart(|s| {
            s.stop(ExitReason::Shutdown);
            s.exited()
        });
        s.stop(ExitReason::Normal);
        let mine = s.exited();
        assert_eq!(mine, other.join().unwrap());
        carrier.join().unwrap();
        assert_eq!(s.arc.exit_reason(), Some(mine));
    });
}

/// Kill against a handler that a caller may be finishing: answer or `Killed`, and nobody learns of the end before the
/// state is dropped.
#[test]
fn kill_versus_inline_completion() {
    explore(2, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let killer = s.apart(|s| s.arc.kill());
        match s.call(Message::Slow) {
            Ok(1) | Err(CallError::NotRunning | CallError::Exited(ExitReason::Killed)) => {}
            other => panic!("{other:?}"),
        }
        killer.join().unwrap();
        assert_eq!(s.exited(), ExitReason::Killed);
        carrier.join().unwrap();
    });
}

/// A handler that waits for ever is dropped by a kill, wherever it was first polled.
#[test]
fn kill_versus_hanging_handler() {
    explore(2, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let killer = s.apart(|s| s.arc.kill());
        match s.call(Message::Hang) {
            Err(CallError::NotRunning | CallError::Exited(ExitReason::Killed)) => {}
            other => panic!("{other:?}"),
        }
        killer.join().unwrap();
        carrier.join().unwrap();
        assert_eq!(s.exited(), ExitReason::Killed);
    });
}

/// Polls as a runtime does that goes away after so many polls.
fn dying_runtime(mut carrier: Carrier<Message>, polls: usize) -> JoinHandle<()> {
    thread::spawn(move || {
        for _ in 0..polls {
            let _ = poll_once(&mut carrier);
        }
        drop(carrier);
    })
}

/// A runtime that goes away under a process, while a caller runs it: somebody buries it.
#[test]
fn orphan_versus_inline_caller() {
    explore(4, || {
        let (s, carrier) = born();
        let runtime = dying_runtime(carrier, 1);
        match s.call(Message::Slow) {
            Ok(1) | Err(CallError::NotRunning | CallError::Exited(ExitReason::RuntimeGone)) => {}
            other => panic!("{other:?}"),
        }
        runtime.join().unwrap();
        assert_eq!(s.exited(), ExitReason::RuntimeGone);
    });
}

/// The same in the middle of a handler, which the carrier or the caller began.
#[test]
fn orphan_in_mid_handler() {
    explore(3, || {
        let (s, carrier) = born();
        let runtime = dying_runtime(carrier, 2);
        match s.call(Message::Hang) {
            Err(CallError::NotRunning | CallError::Exited(ExitReason::RuntimeGone)) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(s.exited(), ExitReason::RuntimeGone);
        runtime.join().unwrap();
    });
}
