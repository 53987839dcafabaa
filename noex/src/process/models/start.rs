//! How processes begin.

use super::*;

/// The starter waits for an init that is over at that moment: it is told.
#[test]
fn starter_versus_init() {
    explore(3, || {
        let (s, carrier) = make::<8>(std::future::ready(()));
        let carrier = carry(carrier);
        let started = block_on(poll_fn(|cx| s.arc.poll_started(cx)));
        assert!(started.is_ok());
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}

/// The starter runs the process for the first time while the carrier wants to as well.
#[test]
fn first_poll_versus_carrier() {
    explore(3, || {
        let (s, carrier) = make::<8>(yield_once());
        let carrier = carry(carrier);
        let _ = s.cell.first_poll();
        let started = block_on(poll_fn(|cx| s.arc.poll_started(cx)));
        assert!(started.is_ok());
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}

/// The starter gives up an init that hangs, and is told when that is gone.
#[test]
fn abort_versus_init() {
    explore(3, || {
        let (s, carrier) = make::<8>(std::future::pending());
        let carrier = carry(carrier);
        let _ = s.cell.first_poll();
        s.arc.abort_init();
        let started = block_on(poll_fn(|cx| s.arc.poll_started(cx)));
        assert!(started.is_err());
        carrier.join().unwrap();
        assert_eq!(s.exited(), ExitReason::Killed);
    });
}

/// Kill against the carrier's first poll, before which there is nobody to wake.
#[test]
fn kill_versus_first_poll() {
    explore(3, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        s.arc.kill();
        carrier.join().unwrap();
        assert_eq!(s.arc.exit_reason(), Some(ExitReason::Killed));
    });
}
