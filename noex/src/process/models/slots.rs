//! The reply slot alone. loom sees to it that its memory is freed once and its parts are used by one at a time; the value
//! counts its own drops.

use super::*;
use crate::process::reply_slot::{Answer, CallContext, Token, Waiting, slot};

/// A value that must be dropped once.
struct Value {
    _kept: loom::alloc::Track<()>,
}

fn value() -> Value {
    Value {
        _kept: loom::alloc::Track::new(()),
    }
}

fn halves() -> (Token<Value>, Waiting<Value>) {
    slot(1, CallContext::default())
}

/// Waits on this thread.
fn wait(mut waiting: Waiting<Value>) -> Answer<Value> {
    block_on(poll_fn(|cx| match waiting.poll(cx.waker(), || None) {
        Ok(()) => Poll::Ready(()),
        Err(_) => Poll::Pending,
    }));
    waiting.take()
}

/// The answer against a caller that looks with one waker and then another.
#[test]
fn answer_versus_polls() {
    explore(5, || {
        let (token, mut waiting) = halves();
        let server = thread::spawn(move || token.answer(value()));
        let _ = waiting.poll(Waker::noop(), || None);
        let answer = wait(waiting);
        assert!(matches!(answer, Answer::Value(_)));
        server.join().unwrap();
    });
}

/// The answer against a caller that leaves, having looked or not.
#[test]
fn answer_versus_leaving() {
    for looks in [false, true] {
        explore(5, move || {
            let (token, mut waiting) = halves();
            let server = thread::spawn(move || token.answer(value()));
            if looks {
                let _ = waiting.poll(Waker::noop(), || None);
            }
            drop(waiting);
            server.join().unwrap();
        });
    }
}

/// A token dropped, in a server that lives or died, against a caller that leaves, having looked or not.
#[test]
fn drop_versus_leaving() {
    for (looks, died) in [(false, false), (true, false), (true, true)] {
        explore(5, move || {
            let (token, mut waiting) = halves();
            let reason = died.then_some(ExitReason::Shutdown);
            let server = thread::spawn(move || token.into_undecided().settle(reason.as_ref()));
            if looks {
                let _ = waiting.poll(Waker::noop(), || None);
            }
            drop(waiting);
            server.join().unwrap();
        });
    }
}

/// A token dropped against a caller that waits.
#[test]
fn drop_versus_polls() {
    for died in [false, true] {
        explore(5, move || {
            let (token, mut waiting) = halves();
            let reason = died.then_some(ExitReason::Shutdown);
            let server = thread::spawn(move || token.into_undecided().settle(reason.as_ref()));
            let _ = waiting.poll(Waker::noop(), || None);
            let answer = wait(waiting);
            match died {
                true => assert!(matches!(answer, Answer::Died(ExitReason::Shutdown))),
                false => assert!(matches!(answer, Answer::NoReply)),
            }
            server.join().unwrap();
        });
    }
}

/// A token parked while its caller looks: the caller learns of it, and of the answer.
#[test]
fn park_versus_polls() {
    explore(5, || {
        let (token, mut waiting) = halves();
        let server = thread::spawn(move || {
            token.park();
            token
        });
        block_on(poll_fn(|cx| match waiting.poll(cx.waker(), || None) {
            Err(unanswered) if unanswered.parked => Poll::Ready(()),
            Err(_) => Poll::Pending,
            Ok(()) => unreachable!(),
        }));
        let token = server.join().unwrap();
        let server = thread::spawn(move || token.answer(value()));
        assert!(matches!(wait(waiting), Answer::Value(_)));
        server.join().unwrap();
    });
}

/// A caller that leaves is seen to be gone.
#[test]
fn leaving_is_seen() {
    explore(5, || {
        let (token, waiting) = halves();
        let caller = thread::spawn(move || drop(waiting));
        token.park();
        caller.join().unwrap();
        assert!(token.is_abandoned());
        token.answer(value());
    });
}
