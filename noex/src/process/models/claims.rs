//! What a process claims: names, and its place among the living.

use super::*;

/// A name claimed for a process while it dies: in time or refused, and nobody has it who is known to be gone.
#[test]
fn claim_versus_death() {
    explore(3, || {
        let (s, carrier) = born();
        let claiming = s.apart(|s| s.arc.register(&Name::from("late")).is_ok());
        let carrier = carry(carrier);
        s.stop(ExitReason::Normal);
        s.exited();
        assert_eq!(s.system.registry().whereis("late"), None);
        claiming.join().unwrap();
        carrier.join().unwrap();
        assert_eq!(s.system.registry().whereis("late"), None);
    });
}

/// A process begins in an application that ends: it is refused, or found by whoever has ended the application.
#[test]
fn beginning_versus_end_of_scope() {
    explore(5, || {
        let (s, carrier) = born();
        let beginning = s.apart(|s| s.system.remember(&s.arc));
        s.system.end_scope();
        let found = s.system.living_in_scope().len() == 1;
        let begun = beginning.join().unwrap().is_ok();
        assert!(found || !begun);
        drop(carrier);
    });
}
