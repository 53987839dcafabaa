//! Monitors and links.

use super::*;

/// A process that has been polled once, to be run on by hand.
fn at_rest() -> (Subject, Carrier<Message>) {
    let (s, mut carrier) = born();
    assert!(poll_once(&mut carrier).is_pending());
    (s, carrier)
}

/// Lets a process handle what it has, and end. Returns what it has seen.
fn finish(s: &Subject, carrier: Carrier<Message>) -> Vec<Seen> {
    s.stop(ExitReason::Normal);
    block_on(carrier);
    s.probe.seen()
}

/// A monitor taken while its target dies gives one DOWN, after which the target is really gone.
#[test]
fn monitor_versus_death() {
    explore(3, || {
        let (target, carrier) = born();
        let (watcher, its_carrier) = at_rest();
        let carrier = carry(carrier);
        target.stop(ExitReason::Normal);
        watcher.arc.monitor(&target.arc);
        assert_eq!(target.exited(), ExitReason::Normal);
        carrier.join().unwrap();
        assert_eq!(finish(&watcher, its_carrier), [Seen::Down]);
    });
}

/// Whoever has a DOWN finds the name free, the state dropped and the process not alive.
#[test]
fn down_means_gone() {
    explore(3, || {
        let (target, carrier) = born();
        let (watcher, its_carrier) = at_rest();
        watcher.arc.monitor(&target.arc);
        target.stop(ExitReason::Normal);
        let carrier = carry(carrier);
        if watcher.arc.0.queued() > 0 {
            target.assert_gone();
        }
        carrier.join().unwrap();
        assert_eq!(finish(&watcher, its_carrier), [Seen::Down]);
    });
}

/// A monitor ended, notice and all, while its target dies: no DOWN afterwards.
#[test]
fn demonitor_versus_death() {
    explore(3, || {
        let (target, carrier) = born();
        let (watcher, its_carrier) = at_rest();
        let monitor = watcher.arc.monitor(&target.arc);
        let carrier = carry(carrier);
        target.stop(ExitReason::Normal);
        assert!(watcher.arc.demonitor(monitor, true));
        carrier.join().unwrap();
        assert_eq!(finish(&watcher, its_carrier), []);
    });
}

/// The same without taking the notice back: a DOWN is handled, or the monitor was ended in time.
#[test]
fn plain_demonitor_versus_death() {
    explore(3, || {
        let (target, carrier) = born();
        let (watcher, its_carrier) = at_rest();
        let monitor = watcher.arc.monitor(&target.arc);
        let carrier = carry(carrier);
        target.stop(ExitReason::Normal);
        assert!(watcher.arc.demonitor(monitor, false));
        let in_time = !watcher.arc.demonitor(monitor, false);
        carrier.join().unwrap();
        let downs = finish(&watcher, its_carrier).len();
        assert_eq!(downs, usize::from(!in_time));
    });
}

/// A link made while the other dies gives one exit signal.
#[test]
fn link_versus_death() {
    explore(3, || {
        let (peer, carrier) = born();
        let (me, my_carrier) = at_rest();
        me.cell.head.trap_exit(true);
        let carrier = carry(carrier);
        peer.stop(ExitReason::Shutdown);
        me.arc.link(&peer.arc);
        carrier.join().unwrap();
        assert_eq!(finish(&me, my_carrier), [Seen::Exit]);
    });
}

/// A link ended while the other dies: no exit signal afterwards, not even one that is queued.
#[test]
fn unlink_versus_death() {
    explore(3, || {
        let (peer, carrier) = born();
        let (me, my_carrier) = at_rest();
        me.arc.link(&peer.arc);
        let carrier = carry(carrier);
        peer.stop(ExitReason::Shutdown);
        me.arc.unlink(&peer.arc);
        carrier.join().unwrap();
        assert_eq!(finish(&me, my_carrier), []);
        assert_eq!(me.arc.exit_reason(), Some(ExitReason::Normal));
    });
}

/// Two linked processes die at once.
#[test]
fn linked_deaths_at_once() {
    explore(2, || {
        let (a, carrier_a) = born();
        let (b, carrier_b) = born();
        a.arc.link(&b.arc);
        let carrier_a = carry(carrier_a);
        let carrier_b = carry(carrier_b);
        a.stop(ExitReason::Shutdown);
        b.arc.kill();
        carrier_a.join().unwrap();
        carrier_b.join().unwrap();
        assert!(matches!(
            a.exited(),
            ExitReason::Shutdown | ExitReason::Killed
        ));
        assert!(matches!(
            b.exited(),
            ExitReason::Shutdown | ExitReason::Killed
        ));
    });
}
