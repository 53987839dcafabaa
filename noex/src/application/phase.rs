//! How far a program is, and what it still has to finish.

use crate::system::System;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering::SeqCst};
use tokio::sync::Notify;

/// How far a [`Program`](crate::Program) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// No program runs in this system.
    Idle,
    /// The applications are being started: not ready yet.
    Starting,
    /// All are up.
    Running,
    /// New work should be refused; what is in flight may end.
    Draining,
    /// Trees are being stopped.
    Stopping,
    /// All is over.
    Stopped,
}

const PHASES: [Phase; 6] = [
    Phase::Idle,
    Phase::Starting,
    Phase::Running,
    Phase::Draining,
    Phase::Stopping,
    Phase::Stopped,
];

/// The progress of one system's program.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    phase: AtomicU8,
    in_flight: AtomicUsize,
    quiet: Notify,
    panics: AtomicU64,
    panicked: Notify,
}

impl Progress {
    pub(crate) fn phase(&self) -> Phase {
        PHASES[usize::from(self.phase.load(SeqCst))]
    }

    pub(crate) fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, SeqCst);
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(SeqCst)
    }

    pub(crate) fn enter(&self) {
        self.in_flight.fetch_add(1, SeqCst);
    }

    fn leave(&self) {
        if self.in_flight.fetch_sub(1, SeqCst) == 1 {
            self.quiet.notify_waiters();
        }
    }

    /// How often code that belongs to no process has panicked.
    pub(crate) fn panics(&self) -> u64 {
        self.panics.load(SeqCst)
    }

    pub(crate) fn note_panic(&self) {
        self.panics.fetch_add(1, SeqCst);
        self.panicked.notify_waiters();
    }

    /// Ready when there have been more panics than that.
    pub(crate) async fn more_panics(&self, than: u64) {
        loop {
            let notified = self.panicked.notified();
            if self.panics() > than {
                return;
            }
            notified.await;
        }
    }

    /// Ready when nothing is in flight.
    pub(crate) async fn quiet(&self) {
        loop {
            let notified = self.quiet.notified();
            if self.in_flight() == 0 {
                return;
            }
            notified.await;
        }
    }
}

/// A piece of work that a [`Program`](crate::Program) waits for when it stops: hold it while a request is being served.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let system = noex::System::new();
/// let request = system.in_flight();
/// assert_eq!(system.in_flight_count(), 1);
/// drop(request);
/// assert_eq!(system.in_flight_count(), 0);
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropped at once it holds nothing"]
pub struct InFlight(System);

impl InFlight {
    pub(crate) fn new(system: System) -> Self {
        system.progress().enter();
        InFlight(system)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.progress().leave();
    }
}
