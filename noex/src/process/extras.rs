//! What most processes never need: relations to others, and the end.
//!
//! **Invariant (exactly one notice).** A watcher is registered under the lock under which the end is recorded. Recording takes
//! the whole list out; registering afterwards finds the reason instead. So each watcher is told once: by the
//! list or on the spot, never both, never neither.

use super::activity::Doing;
use super::address::WeakSlot;
use super::claims::Claim;
use super::events::Debug;
use super::exit::ExitReason;
use super::handle::ProcessArc;
use super::owned::Owned;
use super::posted::Posted;
use super::roll::Roll;
use super::signal::Parent;
use super::statistics::Timing;
use super::waits::Wait;
use super::{MonitorRef, Pid, Slot, Unclean};
use crate::error::StartError;
use crate::sync::planted;
use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::task::Waker;

#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub(super) watchers: Roll<u64, Watcher>,
    /// Claims and posted timers have been given up for good.
    pub(super) departed: bool,
    pub(super) parent: Option<Parent>,
    /// What it was doing when it began to end.
    pub(super) last: Option<Doing>,
    pub(super) waits: Vec<Wait>,
    /// Who waits for init to be over.
    pub(super) starter: Option<Waker>,
    /// The terminal cell: set once.
    pub(super) gone: Option<ExitReason>,
    /// Why init did not succeed.
    pub(super) start_error: Option<Box<StartError>>,
    pub(crate) rare: Option<Box<Rare>>,
}

/// What few processes need, so that the end of the others costs little.
#[derive(Debug, Default)]
pub(crate) struct Rare {
    pub(super) claims: Vec<Claim>,
    /// Processes whose end is ours too. Our own entry decides what we receive.
    pub(super) links: Roll<Pid, WeakProcess>,
    /// Monitors this process holds on others. Our own entry decides what we receive.
    pub(super) monitors: Roll<MonitorRef, WeakProcess>,
    /// Timers that others have set for this process, by their numbers.
    pub(super) posted: BTreeMap<u64, Posted>,
    /// With the option `timing`.
    pub(super) timing: Option<Arc<Timing>>,
    pub(crate) label: Option<Arc<str>>,
    /// Who waits to learn that the process has been asked to stop.
    pub(crate) stop_listeners: Vec<Waker>,
    /// Whether anyone ever wanted to learn that.
    pub(crate) drains: bool,
    pub(super) debug: Option<Arc<Debug>>,
    pub(crate) owned: Option<Arc<Owned>>,
    /// What its refs use without asking it. Not counted: it is part of the state.
    pub(crate) shared: Option<Weak<dyn Any + Send + Sync>>,
    /// What supervisors have.
    pub(crate) tree: Option<Box<Tree>>,
}

/// What others have to know of a supervisor.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Its place, below which its children have theirs. Not counted: the place holds the process.
    pub(crate) slot: WeakSlot,
    /// That of its spec.
    pub(crate) name: &'static str,
    pub(crate) strategy: &'static str,
    /// Those of its children that have a process, in start order.
    pub(crate) children: BTreeMap<u32, (Pid, Cow<'static, str>)>,
    /// How often it has started a child again.
    pub(crate) restarts: u64,
    /// Those below that did not stop when asked, while it was ending.
    pub(crate) unclean: Vec<Unclean>,
}

impl Tree {
    pub(crate) fn new(slot: &Slot, name: &'static str, strategy: &'static str) -> Self {
        Tree {
            slot: slot.downgrade(),
            name,
            strategy,
            children: BTreeMap::new(),
            restarts: 0,
            unclean: Vec::new(),
        }
    }
}

/// Who is to be told of the end.
#[derive(Debug)]
pub(super) enum Watcher {
    /// A future waiting for the end.
    Task(Waker),
    /// A process to be sent DOWN.
    Monitor(ProcessArc),
}

/// A handle that does not keep the process's memory.
#[derive(Clone)]
pub(crate) struct WeakProcess(pub(super) Weak<dyn super::handle::Erased>);

impl WeakProcess {
    pub(crate) fn upgrade(&self) -> Option<ProcessArc> {
        self.0.upgrade().map(ProcessArc)
    }
}

impl From<&ProcessArc> for WeakProcess {
    fn from(process: &ProcessArc) -> Self {
        WeakProcess(Arc::downgrade(&process.0))
    }
}

impl std::fmt::Debug for WeakProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WeakProcess")
    }
}

impl Extras {
    /// Registers a watcher, replacing the one with this key, or returns the reason if it is too late.
    pub(super) fn watch(
        &mut self,
        key: u64,
        watcher: Watcher,
    ) -> Result<Option<Watcher>, ExitReason> {
        if let Some(reason) = &self.gone
            && !planted("monitor")
        {
            return Err(reason.clone());
        }
        Ok(self.watchers.insert(key, watcher))
    }

    /// Takes a watcher off; `None` if it has been told already.
    pub(super) fn forget(&mut self, key: u64) -> Option<Watcher> {
        self.watchers.remove(key)
    }

    /// Records the end and hands out those who must be told.
    pub(super) fn end(&mut self, reason: &ExitReason) -> Roll<u64, Watcher> {
        debug_assert!(self.gone.is_none());
        self.gone = Some(reason.clone());
        std::mem::take(&mut self.watchers)
    }

    /// Notes why init will not have succeeded.
    pub(crate) fn fail_start(&mut self, error: StartError) {
        self.start_error.get_or_insert_with(|| Box::new(error));
    }

    /// Why init did not succeed, of a process that has ended for this reason.
    pub(super) fn why_not_started(&self, reason: &ExitReason) -> StartError {
        match &self.start_error {
            Some(error) => StartError::clone(error),
            None => StartError::from_exit(reason),
        }
    }

    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub(crate) fn tree(&self) -> Option<&Tree> {
        self.rare.as_ref()?.tree.as_deref()
    }

    pub(crate) fn tree_mut(&mut self) -> Option<&mut Tree> {
        self.rare.as_mut()?.tree.as_deref_mut()
    }
}
