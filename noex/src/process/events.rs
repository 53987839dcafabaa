//! What a process sees of itself when it is debugged: its last events, and functions that are told of each.
//!
//! Off, it costs a look at a bit that is looked at anyway.

use super::activity::Doing;
use super::handle::ProcessArc;
use super::head::{DEBUG, Head};
use super::{contain, fresh_number};
use crate::clock::{self, Instant};
use crate::sync::Mutex;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

/// Something that happened in a process whose events are [logged](crate::Process::log) or
/// [looked at](crate::Process::install).
///
/// It names the handler, never the message: what is in a message may be secret.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SystemEvent {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: SystemEventKind,
}

/// What happened in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SystemEventKind {
    /// It took a message, and this handler of it begins; for what is no message, `down`, `exit`, `timer`, `child` or `stop`.
    In(&'static str),
    /// That is over, and the process goes on.
    Done(&'static str),
    /// Messages are no longer handled.
    Suspended,
    /// They are again.
    Resumed,
}

/// Names a function that was [installed](crate::Process::install).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DebugFunction(u64);

type Function = Arc<dyn Fn(&SystemEvent) + Send + Sync>;

/// How a process is debugged.
#[derive(Default)]
pub(super) struct Debug {
    log: Mutex<Log>,
    functions: Mutex<Vec<(DebugFunction, Function)>>,
}

#[derive(Default)]
struct Log {
    last: usize,
    events: VecDeque<SystemEvent>,
}

impl Log {
    fn keep(&mut self, last: usize) {
        self.last = last;
        let surplus = self.events.len().saturating_sub(last);
        self.events.drain(..surplus);
        self.events.shrink_to(last);
    }

    fn push(&mut self, event: SystemEvent) {
        if self.last == 0 {
            return;
        }
        if self.events.len() == self.last {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }
}

impl Debug {
    /// True if that cost a function its place.
    fn tell(&self, head: &Head, kind: SystemEventKind) -> bool {
        let at = clock::now();
        let event = SystemEvent { at, kind };
        self.log.lock().push(event.clone());
        let functions = self.functions.lock().clone();
        let mut lost = false;
        for (id, function) in functions {
            if let Err(reason) = contain(|| function(&event)) {
                lost |= self.forget(id);
                tracing::warn!(target: "noex::lifecycle", pid = %head.pid(), server = head.kind.type_name, %reason, "a debug function panicked and was removed");
            }
        }
        lost
    }

    fn forget(&self, id: DebugFunction) -> bool {
        let mut functions = self.functions.lock();
        let at = functions.iter().position(|(f, _)| *f == id);
        let gone = at.map(|at| functions.swap_remove(at));
        drop(functions);
        // It may run code of the user's when dropped.
        gone.map(|gone| contain(|| drop(gone))).is_some()
    }

    /// Nothing happens any more.
    fn close(&self) {
        let functions = std::mem::take(&mut *self.functions.lock());
        functions
            .into_iter()
            .for_each(|f| drop(contain(|| drop(f))));
    }

    fn is_idle(&self) -> bool {
        self.log.lock().last == 0 && self.functions.lock().is_empty()
    }
}

impl Head {
    /// Notes an event, if anyone wants to know.
    #[inline]
    pub(super) fn note(&self, kind: impl FnOnce() -> SystemEventKind) {
        if self.signals() & DEBUG != 0 {
            self.tell_debug(kind());
        }
    }

    #[inline]
    pub(super) fn note_begin(&self, doing: Doing) {
        self.activity.set(doing);
        self.note(|| SystemEventKind::In(doing.name(self.kind)));
    }

    #[inline]
    pub(super) fn note_done(&self) {
        self.note(|| SystemEventKind::Done(self.activity.doing().name(self.kind)));
    }

    #[cold]
    fn tell_debug(&self, kind: SystemEventKind) {
        let debug = self.look(|e| e?.rare.as_ref()?.debug.clone());
        if let Some(debug) = debug.filter(|d| d.tell(self, kind)) {
            self.settle_debug(&debug);
        }
    }

    /// The bit follows what is there, under the lock of the extras.
    fn settle_debug(&self, debug: &Debug) {
        self.look(|_| match debug.is_idle() {
            true => self.lower(DEBUG),
            false => drop(self.raise(DEBUG)),
        });
    }

    /// Lets the functions go that were told of events. What they told of stays to be read.
    pub(super) fn close_debug(&self) {
        let debug = self.look(|e| e?.rare.as_ref()?.debug.clone());
        debug.iter().for_each(|d| d.close());
    }

    pub(crate) fn logged(&self) -> Vec<SystemEvent> {
        let debug = self.look(|e| e?.rare.as_ref()?.debug.clone());
        debug.map_or_else(Vec::new, |d| d.log.lock().events.iter().cloned().collect())
    }
}

impl ProcessArc {
    fn debug<R>(&self, change: impl FnOnce(&Debug) -> R) -> R {
        let debug = self.extras(|e| e.rare().debug.get_or_insert_default().clone());
        let result = change(&debug);
        self.head().settle_debug(&debug);
        result
    }

    pub(crate) fn log(&self, last: usize) {
        self.debug(|d| d.log.lock().keep(last));
    }

    pub(crate) fn install(&self, function: Function) -> DebugFunction {
        let id = DebugFunction(fresh_number());
        self.debug(|d| {
            d.functions.lock().push((id, function));
            // It is told of nothing any more, and may hold the process.
            if !self.is_alive() {
                d.close();
            }
        });
        id
    }

    pub(crate) fn remove(&self, function: DebugFunction) -> bool {
        self.debug(|d| d.forget(function))
    }
}

impl fmt::Display for SystemEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SystemEventKind::In(handler) => write!(f, "in {handler}"),
            SystemEventKind::Done(handler) => write!(f, "done {handler}"),
            SystemEventKind::Suspended => f.write_str("suspended"),
            SystemEventKind::Resumed => f.write_str("resumed"),
        }
    }
}

impl fmt::Display for SystemEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl fmt::Debug for Debug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Debug").finish_non_exhaustive()
    }
}
