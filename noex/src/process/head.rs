//! What is known of a process whatever its messages: who it is, what it has been told, how it is woken.

use super::Pid;
use super::activity::{Activity, Doing};
use super::carriage::Carriage;
use super::deadline::Deadline;
use super::extras::{Extras, WeakProcess};
use super::handle::ProcessArc;
use super::inline::Sampler;
use super::options::Kind;
use super::reply_slot::CallContext;
use super::runtime::Runtime;
use crate::clock;
use crate::sync::atomic::{AtomicU32, Ordering::*};
use crate::sync::{CarrierWaker, Mutex, PlainBool, PlainU64};
use crate::system::System;
// Counters order nothing, so models need not look at them.
use std::sync::Arc;
use std::sync::atomic::{AtomicU32 as Count, AtomicU64 as LongCount};
use std::task::Waker;

/// Sticky: the process is to be killed.
pub(super) const KILL: u32 = 1;
/// The urgent lane is not empty.
pub(super) const URGENT: u32 = 2;
/// Exit signals are to be delivered as messages.
pub(super) const TRAP_EXIT: u32 = 4;
/// Init has succeeded.
pub(super) const STARTED: u32 = 8;
/// The terminal cell is set.
pub(super) const GONE: u32 = 16;
/// The process has been asked to stop.
pub(super) const STOPPING: u32 = 32;

/// Init is to be given up; without effect when it is over.
pub(super) const ABORT_INIT: u32 = 64;
/// One of several open calls has been answered, and the body has not been polled since.
pub(super) const STIRRED: u32 = 128;
/// The same, and the body is being polled.
pub(super) const LOOKING: u32 = 256;
/// The handler has waited for a call.
pub(super) const CALLING: u32 = 512;
/// Somebody wants to know what happens in the process.
pub(super) const DEBUG: u32 = 1024;
/// It handles no messages.
pub(super) const SUSPENDED: u32 = 2048;
/// It has been abandoned.
pub(super) const FENCED: u32 = 4096;
/// Somebody takes its last steps, or has.
pub(super) const ENDING: u32 = 8192;
/// What does not depend on the type of the messages.
#[derive(Debug)]
pub(crate) struct Head {
    serial: u64,
    pub(crate) system: System,
    pub(crate) kind: &'static Kind,
    pub(crate) runtime: Arc<Runtime>,
    this: WeakProcess,
    signals: AtomicU32,
    pub(super) carrier: CarrierWaker,
    pub(super) carriage: Carriage,
    pub(super) sampler: Sampler,
    pub(crate) activity: Activity,
    /// The body waits for a message and nothing else. The holder's of the run lock.
    pub(super) idle: PlainBool,
    /// When it was made, in nanoseconds.
    pub(super) born: u64,
    /// The context of the call being handled; the holder's of the run lock.
    request: PlainU64,
    deadline: PlainU64,
    pub(crate) counters: Counters,
    extras: Mutex<Option<Box<Extras>>>,
}

/// Written by the holder of the run lock with plain stores, read by anyone.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    handled: LongCount,
    /// Calls not begun because nobody wanted the answer any more.
    pub(crate) skipped: Count,
    /// Messages that were accepted and never handled.
    pub(crate) undelivered: Count,
}

impl Counters {
    #[inline]
    pub(super) fn count_handled(&self) {
        self.handled.store(self.handled.load(Relaxed) + 1, Relaxed);
    }

    pub(crate) fn handled(&self) -> u64 {
        self.handled.load(Relaxed)
    }
}

impl Head {
    pub(super) fn new(
        kind: &'static Kind,
        system: System,
        runtime: Arc<Runtime>,
        this: WeakProcess,
    ) -> Self {
        Head {
            serial: super::fresh_number(),
            system,
            kind,
            runtime,
            this,
            signals: AtomicU32::new(if kind.options.trap_exit { TRAP_EXIT } else { 0 }),
            carrier: CarrierWaker::default(),
            carriage: Carriage::new(),
            sampler: Sampler::new(),
            activity: Activity::new(),
            idle: PlainBool::new(false),
            born: clock::nanos(clock::now()),
            request: PlainU64::new(0),
            deadline: PlainU64::new(0),
            counters: Counters::default(),
            extras: Mutex::new(None),
        }
    }

    /// Keeps what it was doing; `terminate` may follow.
    pub(super) fn note_ending(&self) {
        let doing = self.activity.doing();
        self.extras(|e| e.last = Some(doing));
        self.activity.set(Doing::TERMINATE);
    }

    /// What it was doing when it began to end, or is doing.
    pub(super) fn last_doing(&self) -> Doing {
        self.look(|e| e?.last)
            .unwrap_or_else(|| self.activity.doing())
    }

    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::local(self.serial)
    }

    /// A counted handle; `None` while the cell is being made.
    pub(crate) fn arc(&self) -> Option<ProcessArc> {
        self.this.upgrade()
    }

    pub(super) fn signals(&self) -> u32 {
        self.signals.load(Acquire)
    }

    /// Tells what was on before.
    pub(super) fn raise(&self, signal: u32) -> u32 {
        self.signals.fetch_or(signal, AcqRel)
    }

    pub(super) fn lower(&self, signal: u32) {
        self.signals.fetch_and(!signal, AcqRel);
    }

    pub(super) fn raise_urgent(&self) {
        self.raise(URGENT);
    }

    pub(crate) fn trap_exit(&self, on: bool) {
        if on {
            self.raise(TRAP_EXIT);
        } else {
            self.lower(TRAP_EXIT);
        }
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.signals() & GONE != 0
    }

    /// The process has been asked to stop: whoever listens for that is told.
    pub(crate) fn mark_stopping(&self) {
        self.raise(STOPPING);
        if self.look(|e| e.is_some_and(|e| e.rare.is_some())) {
            let listeners = self.extras(|e| std::mem::take(&mut e.rare().stop_listeners));
            listeners.into_iter().for_each(super::wake);
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.signals() & STOPPING != 0
    }

    /// False before the carrier's first poll.
    pub(super) fn wake_carrier(&self) -> bool {
        self.carrier.with(Waker::wake_by_ref).is_some()
    }

    pub(crate) fn extras<R>(&self, f: impl FnOnce(&mut Extras) -> R) -> R {
        f(self.extras.lock().get_or_insert_default())
    }

    /// Looks without making extras for those who have none.
    pub(crate) fn look<R>(&self, f: impl FnOnce(Option<&Extras>) -> R) -> R {
        f(self.extras.lock().as_deref())
    }

    /// The context in which calls made now are made.
    pub(crate) fn context(&self) -> CallContext {
        CallContext {
            request: self.request.get(),
            deadline: Deadline::from_bits(self.deadline.get()),
        }
    }

    /// The same with its deadline tied to a moment, from now on.
    pub(crate) fn fixed_context(&self) -> CallContext {
        let mut context = self.context();
        context.deadline = context.deadline.fixed();
        self.set_context(context);
        context
    }

    #[inline]
    pub(crate) fn set_context(&self, context: CallContext) {
        self.request.set(context.request);
        self.deadline.set(context.deadline.to_bits());
    }
}
