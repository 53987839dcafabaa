//! Who runs a process.

use super::*;

/// A caller and a caster against the carrier: every message is handled, whoever runs the body, and the stop ends it. A
/// lost wake-up shows as a deadlock.
#[test]
fn missed_wakeup() {
    explore(3, || {
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

/// Two callers run the same server.
#[test]
fn two_inline_callers() {
    explore(3, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let other = s.apart(|s| s.call(Message::Add).unwrap());
        let mine = s.call(Message::Add).unwrap();
        assert_eq!(mine + other.join().unwrap(), 3);
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}

/// A sender casts and then calls, while another casts: the call, handed over past the queue or not, comes behind the
/// sender's own cast, and nothing is lost.
#[test]
fn handed_over_behind_own_cast() {
    explore(3, || {
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

/// A cast that its sender knows to be there (another told of it) is not overtaken either.
#[test]
fn handed_over_behind_known_cast() {
    explore(3, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let told = Arc::new(loom::sync::atomic::AtomicBool::new(false));
        let other = {
            let told = told.clone();
            s.apart(move |s| {
                assert!(s.cast(2));
                told.store(true, loom::sync::atomic::Ordering::Release);
            })
        };
        let known = told.load(loom::sync::atomic::Ordering::Acquire);
        s.call(Message::Add).unwrap();
        let seen = s.probe.seen();
        assert!(!known || seen.first() == Some(&Seen::Note(2)), "{seen:?}");
        other.join().unwrap();
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}

/// A suspended process is not run by its callers either.
#[test]
fn suspended_versus_caller() {
    explore(3, || {
        let (s, carrier) = born();
        assert!(s.process.suspend());
        let carrier = carry(carrier);
        let caller = s.apart(|s| s.call(Message::Add));
        assert_eq!(s.probe.seen(), []);
        assert!(s.process.resume());
        assert_eq!(caller.join().unwrap(), Ok(1));
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}
