//! Names and keys.

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
