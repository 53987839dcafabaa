//! Who runs a process.

use super::*;
use std::sync::atomic::Ordering::{Acquire, Release};

/// A caller and a caster against the carrier: every message is handled, whoever runs the body, and the stop ends it. A
/// lost wake-up shows as a deadlock.
#[test]
fn missed_wakeup() {
    explore(2, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let caster = s.apart(|s| assert!(s.cast(1)));
        let sum = s.call(Message::Add).unwrap();
        assert!(sum == 1 || sum == 2);
        caster.join().unwrap();
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
        assert_eq!(s.exited(), ExitReason::Normal);
        assert_eq!(s.probe.seen().len(), 2);
    });
}

/// A handler that is pending when polled on the caller's stack is finished by the carrier.
#[test]
fn pending_handler_moves_to_the_carrier() {
    explore(3, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        assert_eq!(s.call(Message::Slow), Ok(1));
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}

/// Two callers run the same server: each call is handled once, by one of them or, when they meet, by the carrier, which
/// is woken for it.
#[test]
fn two_inline_callers() {
    explore(5, || {
        let (s, carrier) = born();
        let mut carrier = by_hand(carrier);
        run_out!(carrier);
        let mut one = by_hand(s.asking(Message::Add));
        let mut two = by_hand(s.asking(Message::Add));
        let other = thread::spawn(move || {
            one.run();
            carrier.run();
            (one, carrier)
        });
        two.run();
        let (mut one, mut carrier) = other.join().unwrap();
        run_out!(carrier, one, two);
        let sum = one.done().unwrap() + two.done().unwrap();
        assert_eq!(sum, 3);
        s.stop(ExitReason::Normal);
        run_out!(carrier);
        carrier.done();
    });
}

/// A sender casts and then calls, while another casts: the call, handed over past the queue or not, comes behind the
/// sender's own cast, and nothing is lost.
#[test]
fn handed_over_behind_own_cast() {
    explore(2, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let other = s.apart(|s| assert!(s.cast(2)));
        assert!(s.cast(1));
        s.call(Message::Add).unwrap();
        let seen = s.probe.seen();
        let at = |what| seen.iter().position(|s| *s == what);
        assert!(at(Seen::Note(1)).is_some_and(|cast| Some(cast) < at(Seen::Call)));
        other.join().unwrap();
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
        assert_eq!(s.probe.count(Seen::Note(2)), 1);
    });
}

/// A cast that the caller knows to be there (its sender told it) is not overtaken either.
#[test]
fn handed_over_behind_known_cast() {
    explore(5, || {
        let (s, carrier) = born();
        let mut carrier = by_hand(carrier);
        run_out!(carrier);
        let told = Arc::new(loom::sync::atomic::AtomicBool::new(false));
        let tell = told.clone();
        let other = s.apart(move |s| {
            assert!(s.cast(2));
            tell.store(true, Release);
            carrier.run();
            carrier
        });
        let known = told.load(Acquire);
        let mut call = by_hand(s.asking(Message::Add));
        call.run();
        let mut carrier = other.join().unwrap();
        run_out!(carrier, call);
        call.done().unwrap();
        let seen = s.probe.seen();
        assert!(!known || seen == [Seen::Note(2), Seen::Call], "{seen:?}");
        assert_eq!(seen.len(), 2);
        s.stop(ExitReason::Normal);
        run_out!(carrier);
        carrier.done();
    });
}

/// A suspended process is not run by its callers either, until it is resumed; then nothing is left lying.
#[test]
fn suspended_versus_caller() {
    explore(5, || {
        let (s, carrier) = born();
        let mut carrier = by_hand(carrier);
        assert!(s.process.suspend());
        let mut early = by_hand(s.asking(Message::Add));
        run_out!(carrier, early);
        assert_eq!(s.probe.seen(), []);
        let mut call = by_hand(s.asking(Message::Add));
        let other = thread::spawn(move || {
            call.run();
            call
        });
        assert!(s.process.resume());
        carrier.run();
        let mut call = other.join().unwrap();
        run_out!(carrier, early, call);
        assert_eq!(early.done().unwrap() + call.done().unwrap(), 3);
        s.stop(ExitReason::Normal);
        run_out!(carrier);
        carrier.done();
    });
}
