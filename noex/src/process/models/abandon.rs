//! Processes that are given up.

use super::*;

/// A process that is abandoned and one that dies have one end, whoever is first, and for all the same; and when nothing is left of it, it is
/// listed nowhere.
#[test]
fn abandon_versus_death() {
    explore(2, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let abandons = s.apart(|s| s.arc.abandon());
        let reason = block_on(s.arc.exited());
        let abandoned = abandons.join().unwrap();
        carrier.join().unwrap();
        let expected = match abandoned {
            true => ExitReason::Leaked,
            false => ExitReason::Killed,
        };
        assert_eq!(reason, expected);
        assert_eq!(s.arc.exit_reason(), Some(expected));
        s.assert_gone();
        assert!(s.system.leaked().is_empty());
    });
}

/// What a process has not taken is answered when it is abandoned, with nobody left to run it; and who learns of its end finds it fenced
/// off.
#[test]
fn abandon_versus_call() {
    explore(3, || {
        let (s, _nobody_runs_it) = make::<8>(std::future::ready(()));
        let abandons = s.apart(|s| s.arc.abandon());
        match s.call(Message::Add) {
            Err(CallError::Exited(ExitReason::Leaked)) => assert!(s.arc.head().is_fenced()),
            Err(CallError::NotRunning) => {}
            other => panic!("{other:?}"),
        }
        if s.system.registry().whereis(NAME).is_none() {
            assert!(s.arc.head().is_fenced());
        }
        assert!(abandons.join().unwrap());
    });
}
