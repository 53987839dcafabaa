//! What every process is, whether server, supervisor or task: cell, mailbox, run lock, end, links, monitors, timers.
//!
//! This layer knows nothing of servers or supervisors. See `ARCHITECTURE.md` for the protocol as a whole.

mod abandon;
mod activity;
mod address;
mod carriage;
mod cell;
mod claims;
pub(crate) mod current;
pub(crate) mod deadline;
mod events;
mod exit;
mod exited;
mod extras;
mod handle;
mod head;
pub(crate) mod inline;
mod last_steps;
mod life;
mod mailbox;
mod memory;
#[cfg(all(test, noex_loom))]
mod models;
mod name;
mod options;
mod orphans;
mod owned;
mod panic;
mod pid;
mod places;
mod pooled_future;
mod posted;
mod queue;
mod relations;
pub(crate) mod reply_slot;
mod report;
mod roll;
mod run_lock;
mod runtime;
mod seat;
mod serve;
mod signal;
mod spawn;
mod started;
mod statistics;
mod step;
mod stopping;
mod task_life;
mod trials;
mod typed;
pub(crate) mod waits;
pub(crate) mod wheel;

pub(crate) use abandon::is_fenced;
pub(crate) use activity::Doing;
pub(crate) use address::{Address, Reservation};
pub use address::{Slot, Target, Unclean};
pub use cell::Body;
pub(crate) use cell::Cell;
pub(crate) use claims::{Claim, Keyed};
pub(crate) use current::Beside;
pub use events::{DebugFunction, SystemEvent, SystemEventKind};
pub use exit::{Down, Exit, ExitReason};
pub use exited::Exited;
pub(crate) use extras::{Tree, WeakProcess};
pub(crate) use handle::ProcessArc;
pub(crate) use head::Head;
pub use life::Now;
pub(crate) use life::{Behaviour, Flow, Notice, live};
pub(crate) use mailbox::{Pushed, Refused};
pub use name::Name;
pub(crate) use options::Kind;
pub use options::{Inline, Options, Overflow, Restart, Shutdown, Stuck};
pub use owned::BlockingJob;
pub(crate) use owned::{Owned, run_beside};
pub use panic::install_panic_hook;
pub(crate) use panic::{contain, dispose, wake};
pub use pid::{MonitorRef, Pid};
pub use places::Route;
pub(crate) use posted::Letter;
pub(crate) use seat::InLine;
pub(crate) use signal::{ChildEvent, ChildSignal, Parent, Question, Signal, Urgent};
pub(crate) use spawn::{ClaimAtStart, SpawnOptions, spawn};
pub use statistics::Statistics;
pub use stopping::{Stopping, stopping};
pub(crate) use task_life::live_task;
pub(crate) use trials::Trials;
pub(crate) use typed::CellArc;
pub use waits::Hop;

/// A fresh number for a process, a monitor or a watcher. Not part of any protocol, hence not through `sync`.
pub(crate) fn fresh_number() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Relaxed)
}
