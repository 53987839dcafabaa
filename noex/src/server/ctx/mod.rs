//! What a server can do from inside its handlers.

mod current_call;
mod idle;
mod relations;
mod streams;
mod tasks;
mod timers;

use self::idle::Idle;
use self::timers::TimerEntry;
use super::{GenServer, Ref};
use crate::error::RegisterError;
use crate::process::{Cell, ExitReason, Name, Owned, Pid, ProcessArc, current, dispose};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

pub(super) use idle::IDLE;
pub use timers::Timer;

/// The server's own process, as its handlers see it: a parameter `cx: &mut Ctx<Self>` in any position.
pub struct Ctx<S: GenServer> {
    pub(super) cell: Arc<Cell<S::Message>>,
    pub(super) stop: Option<Box<ExitReason>>,
    /// What most servers never use.
    pub(super) rare: Option<Box<Rare<S>>>,
}

pub(super) struct Rare<S: GenServer> {
    pub(super) steps: VecDeque<S::Continue>,
    timers: HashMap<u64, TimerEntry<S::Message>>,
    /// Answers of a handler that stopped the server: given after `terminate`.
    pub(super) last_words: Vec<Box<dyn FnOnce() + Send>>,
    /// What runs beside the server, if anything ever did.
    owned: Option<Arc<Owned>>,
    idle: Idle,
}

impl<S: GenServer> Ctx<S> {
    pub(super) fn new(cell: Arc<Cell<S::Message>>) -> Self {
        Ctx {
            cell,
            stop: None,
            rare: None,
        }
    }

    pub(super) fn rare(&mut self) -> &mut Rare<S> {
        self.rare.get_or_insert_with(|| {
            Box::new(Rare {
                steps: VecDeque::new(),
                timers: HashMap::new(),
                last_words: Vec::new(),
                owned: None,
                idle: Idle::default(),
            })
        })
    }

    fn process(&self) -> ProcessArc {
        ProcessArc(self.cell.clone())
    }

    /// A handle to this server.
    pub fn myself(&self) -> Ref<S> {
        Ref::<S>::from(crate::Target(crate::process::Address::Process(
            self.process(),
        )))
    }

    /// The identity of this process.
    pub fn pid(&self) -> Pid {
        self.cell.head.pid()
    }

    /// Ends the server with this reason when the running callback returns. What the callback answers reaches its caller after
    /// `terminate`. Of several reasons the first counts.
    pub fn stop(&mut self, reason: ExitReason) {
        self.stop.get_or_insert_with(|| Box::new(reason));
    }

    /// Takes this step before the next message, after those asked for before.
    pub fn continue_with(&mut self, step: S::Continue) {
        self.rare().steps.push_back(step);
    }

    /// Registers this process under one more name; see [`Process::register`](super::Process::register).
    ///
    /// # Errors
    ///
    /// [`RegisterError::AlreadyRegistered`] when a process has the name, be it this one.
    pub fn register(&mut self, name: impl Into<Name>) -> Result<(), RegisterError> {
        self.process().register(&name.into())
    }

    /// Frees a name of this process. False if it has no such name.
    pub fn unregister(&mut self, name: &str) -> bool {
        self.process().unregister(name)
    }

    /// Names this process for observers and logs; no other process finds it by this.
    pub fn set_label(&mut self, label: impl Into<Arc<str>>) {
        let label = label.into();
        self.cell.head.extras(|e| e.rare().label = Some(label));
    }

    pub(crate) fn unexpected(&self, what: &dyn fmt::Debug) {
        tracing::warn!(target: "noex::lifecycle", pid = %self.pid(), server = S::TYPE, ?what, "unexpected message; add an #[info] handler for it");
    }
}

impl<S: GenServer> Drop for Rare<S> {
    fn drop(&mut self) {
        if let Some(owned) = &self.owned {
            owned.end(&current::dying_reason().unwrap_or(ExitReason::Normal));
        }
        if let Some(armed) = self.idle.timer.take() {
            armed.cancel();
        }
        for (_, timer) in self.timers.drain() {
            timer.disarm();
            let _ = dispose(timer);
        }
        for step in self.steps.drain(..) {
            let _ = dispose(step);
        }
        for word in self.last_words.drain(..) {
            let _ = dispose(word);
        }
    }
}

impl<S: GenServer> fmt::Debug for Ctx<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("server", &S::TYPE)
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
