//! The places below a supervisor, and to which of them a message for any of them goes.

use super::Slot;
use super::handle::ProcessArc;
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use crate::sync::planted;

/// To which worker of a pool a message goes. Those that are not running at the moment are passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// To each in turn.
    #[default]
    RoundRobin,
    /// To the one with the fewest messages to handle; in turn among equals.
    LeastBusy,
}

#[derive(Debug)]
pub(super) struct Places {
    slots: Box<[Slot]>,
    /// How many of them, from the first on, are in use.
    open: AtomicUsize,
    turn: AtomicUsize,
    least_busy: AtomicBool,
}

impl Places {
    pub(super) fn new(slots: Box<[Slot]>) -> Self {
        Places {
            open: AtomicUsize::new(slots.len()),
            turn: AtomicUsize::new(0),
            least_busy: AtomicBool::new(false),
            slots,
        }
    }

    pub(super) fn all(&self) -> &[Slot] {
        &self.slots
    }

    /// Those in use.
    pub(super) fn open(&self) -> &[Slot] {
        &self.slots[..self.open.load(Relaxed)]
    }

    pub(super) fn set_open(&self, open: usize) {
        self.open.store(open.min(self.slots.len()), Relaxed);
    }

    pub(super) fn set_route(&self, route: Route) {
        self.least_busy.store(route == Route::LeastBusy, Relaxed);
    }

    /// The process that the next message goes to; `None` when none is running.
    pub(super) fn pick(&self) -> Option<ProcessArc> {
        let open = self.open();
        let first = self.turn.fetch_add(1, Relaxed).checked_rem(open.len())?;
        let (later, sooner) = open.split_at(first);
        let in_turn = sooner.iter().chain(later).filter_map(Slot::process);
        let mut running = in_turn.filter(takes_messages);
        if self.least_busy.load(Relaxed) {
            return running.min_by_key(|process| process.0.load());
        }
        running.next()
    }
}

fn takes_messages(process: &ProcessArc) -> bool {
    if planted("stale_pick") {
        return true;
    }
    process.has_started() && process.is_alive() && !process.head().is_stopping()
}
