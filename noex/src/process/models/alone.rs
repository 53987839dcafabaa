//! Processes that nothing has woken: they have no carrier.

use super::*;

/// A process that its starter has run and left alone.
fn alone() -> Subject {
    let s = conceive(std::future::ready(()));
    s.system.remember(&s.arc).unwrap();
    s.cell.begin(true);
    s
}

impl Subject {
    /// Drops the keeper of its runtime.
    fn end_runtime(&self) {
        self.cell.head.runtime.end(|| vec![self.system.clone()]);
    }

    /// Runs it until it has ended. How often it is carried.
    fn run(&self) -> usize {
        let tasks = self.tasks.shut_down();
        let carriers = tasks.len();
        tasks.into_iter().for_each(block_on);
        carriers
    }
}

/// It is woken by two at once: it gets one carrier, and neither is forgotten.
#[test]
fn two_wakers() {
    explore(3, || {
        let s = alone();
        let other = s.apart(|s| s.cast(1));
        s.arc.kill();
        let accepted = other.join().unwrap();
        assert_eq!(s.run(), 1);
        assert_eq!(s.exited(), ExitReason::Killed);
        let handled = s.probe.count(Seen::Note(1)) + s.undelivered();
        assert_eq!(handled, usize::from(accepted));
    });
}

/// It is woken while its starter leaves it alone.
#[test]
fn waker_versus_starter() {
    explore(3, || {
        let s: Subject = conceive(std::future::ready(()));
        let other = s.apart(|s| s.stop(ExitReason::Normal));
        s.cell.begin(true);
        let over = !s.arc.is_alive();
        other.join().unwrap();
        assert!(s.run() == 1 || over);
        assert_eq!(s.exited(), ExitReason::Normal);
    });
}

/// Its runtime shuts down while it begins: it is refused or ended.
#[test]
fn shutdown_versus_starter() {
    explore(3, || {
        let s: Subject = conceive(std::future::ready(()));
        let other = s.apart(|s| s.end_runtime());
        if s.system.remember(&s.arc).is_ok() {
            s.cell.begin(true);
        } else {
            s.arc.clone().orphan();
        }
        other.join().unwrap();
        assert_eq!(s.exited(), ExitReason::RuntimeGone);
    });
}

/// Its runtime shuts down while something wakes it: its carrier is dropped, or it never has one.
#[test]
fn shutdown_versus_waker() {
    explore(3, || {
        let s = alone();
        let other = s.apart(|s| s.cast(1));
        let tasks = s.tasks.shut_down();
        s.end_runtime();
        drop(tasks);
        let accepted = other.join().unwrap();
        assert_eq!(s.exited(), ExitReason::RuntimeGone);
        assert_eq!(s.undelivered(), usize::from(accepted));
    });
}

/// It is called, and its handler waits: what wakes the handler gives it the carrier that goes on.
#[test]
fn handler_of_one_alone() {
    explore(3, || {
        let s = alone();
        let mut call = by_hand(s.asking(Message::Slow));
        call.run();
        let mut tasks = s.tasks.shut_down();
        assert_eq!(tasks.len(), 1);
        let carrier = by_hand(tasks.remove(0));
        let other = thread::spawn(move || {
            let mut carrier = carrier;
            carrier.run();
            carrier
        });
        call.run();
        let mut carrier = other.join().unwrap();
        run_out!(carrier, call);
        call.done().unwrap();
        s.stop(ExitReason::Normal);
        run_out!(carrier);
        carrier.done();
    });
}

/// Two call it at once.
#[test]
fn two_callers_of_one_alone() {
    explore(3, || {
        let s = alone();
        let other = s.apart(|s| {
            let mut call = by_hand(s.asking(Message::Add));
            call.run();
            call
        });
        let mut call = by_hand(s.asking(Message::Add));
        call.run();
        let mut second = other.join().unwrap();
        s.stop(ExitReason::Normal);
        let mut tasks = s.tasks.shut_down();
        assert_eq!(tasks.len(), 1);
        let mut carrier = by_hand(tasks.remove(0));
        run_out!(carrier, call, second);
        assert_eq!(call.done().unwrap() + second.done().unwrap(), 3);
        carrier.done();
    });
}

/// A caller that has found it by its name looks whether it sleeps while its starter wants to run it.
#[test]
fn caller_versus_starter() {
    explore(3, || {
        let s: Subject = conceive(std::future::ready(()));
        let other = s.apart(|s| {
            let mut call = by_hand(s.asking(Message::Add));
            call.run();
            call
        });
        s.cell.begin(true);
        let mut call = other.join().unwrap();
        s.stop(ExitReason::Normal);
        s.run();
        call.run();
        assert_eq!(call.done().unwrap(), 1);
        assert_eq!(s.exited(), ExitReason::Normal);
    });
}
