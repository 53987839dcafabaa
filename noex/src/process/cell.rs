//! The process cell: who runs it, and how nobody's wish to run it gets lost.
//!
//! The body is one future. It is polled by whoever holds the run lock: the carrier (a tokio task) or a caller; always with a waker that
//! wakes the carrier.

use super::activity::Activity;
use super::current;
use super::deadline::Deadline;
use super::exit::ExitReason;
use super::extras::{Extras, WeakProcess};
use super::handle::{Erased, ProcessArc};
use super::inline::Sampler;
use super::mailbox::{Inbox, Item, Mailbox, WakeIsMine};
use super::options::Kind;
use super::reply_slot::CallContext;
use super::run_lock::{Held, Left, RunLock};
use super::signal::{Signal, Urgent};
use super::statistics::Timing;
use super::{Pid, dispose};
use crate::clock;
use crate::sync::atomic::{AtomicU32, Ordering::*};
use crate::sync::{CarrierWaker, Mutex, PlainBool, PlainU64, planted};
use crate::system::System;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
// Counters order nothing, so models need not look at them.
use std::sync::atomic::{AtomicU32 as Count, AtomicU64 as LongCount};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};

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

/// The life of a process, from init to its last step.
pub type Body = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What does not depend on the type of the messages.
#[derive(Debug)]
pub(crate) struct Head {
    serial: u64,
    pub(crate) system: System,
    pub(crate) kind: &'static Kind,
    pub(crate) runtime: Option<tokio::runtime::Id>,
    this: WeakProcess,
    signals: AtomicU32,
    carrier: CarrierWaker,
    pub(super) sampler: Sampler,
    pub(crate) activity: Activity,
    /// With the option `timing`.
    pub(super) timing: Option<Box<Timing>>,
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
        if self.look(|e| e.is_some_and(|e| !e.stop_listeners.is_empty())) {
            let listeners = self.extras(|e| std::mem::take(&mut e.stop_listeners));
            listeners.into_iter().for_each(super::wake);
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.signals() & STOPPING != 0
    }

    /// Sees to it that the carrier looks at the process.
    pub(crate) fn wake(&self) {
        // Before its first poll the carrier needs no waking.
        self.carrier.with(Waker::wake_by_ref);
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

/// One process.
pub(crate) struct Cell<M> {
    pub(crate) head: Head,
    run: RunLock<Option<Body>>,
    /// The body waits for a message and nothing else. The holder's of the run lock.
    idle: PlainBool,
    pub(crate) mailbox: Mailbox<M>,
}

/// The tokio task of a process. Dropping it unfinished (a runtime that shuts down) ends the process as `RuntimeGone`.
pub(crate) struct Carrier<M: Send + 'static>(pub(crate) Arc<Cell<M>>);

impl<M: Send + 'static> Cell<M> {
    pub(crate) fn new(
        kind: &'static Kind,
        system: System,
        runtime: Option<tokio::runtime::Id>,
    ) -> Arc<Self> {
        Arc::new_cyclic(|this: &Weak<Self>| Cell {
            head: Head {
                serial: super::fresh_number(),
                system,
                kind,
                runtime,
                this: WeakProcess(this.clone()),
                signals: AtomicU32::new(if kind.options.trap_exit { TRAP_EXIT } else { 0 }),
                carrier: CarrierWaker::default(),
                sampler: Sampler::new(kind.options.inline),
                activity: Activity::new(),
                timing: kind.options.timing.then(Box::default),
                born: clock::nanos(clock::now()),
                request: PlainU64::new(0),
                deadline: PlainU64::new(0),
                counters: Counters::default(),
                extras: Mutex::new(None),
            },
            run: RunLock::new(None),
            idle: PlainBool::new(false),
            mailbox: Mailbox::new(kind.options.mailbox),
        })
    }

    /// Gives the new process its life; nobody else may know the cell yet, except to send to it.
    pub(crate) fn set_body(&self, body: Body) {
        if let Some(mut held) = self.run.try_enter() {
            held.with(|b| *b = Some(body));
            let _ = held.leave();
        }
    }

    // ---- who runs it ---------------------------------------------------------------------------

    /// Runs a new process for the first time on the stack of its starter, so that a start whose init is
    /// ready at once needs no task switch. Ready when its life is over.
    pub(crate) fn first_poll(self: &Arc<Self>) -> Poll<()> {
        let Some(held) = self.run.try_enter() else {
            return Poll::Pending;
        };
        let waker = Waker::from(self.clone());
        self.poll_body(held, ptr::null_mut(), &mut Context::from_waker(&waker))
    }

    /// Runs a sleeping process on the caller's stack with this message, past its queue. The message is still there when the
    /// process was not asleep after all.
    #[inline]
    pub(crate) fn hand_over(&self, message: &mut Option<M>) {
        let Some(held) = self.run.try_enter() else {
            return;
        };
        // Asleep and nothing queued: so the message is in nobody's way. Both are stable while the lock is held, but for
        // senders that come now, and those are not before us.
        let queued = self.mailbox.is_awake() && !planted("overtake");
        if queued || !(self.idle.get() || planted("suspended")) {
            self.leave(held);
            return;
        }
        let mut held = Some(held);
        self.head.carrier.with(|waker| {
            let waker = if planted("callers_waker") {
                Waker::noop()
            } else {
                waker
            };
            if let Some(held) = held.take() {
                let visitor = ptr::from_mut(message).cast();
                let _ = self.poll_body(held, visitor, &mut Context::from_waker(waker));
            }
        });
        if let Some(held) = held {
            self.leave(held);
        }
    }

    /// Polls the body once and lets go. Never loops: if the carrier came by, it is woken.
    fn poll_body(
        &self,
        mut held: Held<'_, Option<Body>>,
        visitor: *mut (),
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let now = held.with(|running| {
            let Some(body) = running.as_mut() else {
                return Poll::Ready(());
            };
            self.head.activity.poll_begins();
            let now = current::enter(&self.head, visitor, || body.as_mut().poll(cx));
            if now.is_ready() {
                *running = None;
                // The carrier has to end as well.
                self.head.wake();
            }
            now
        });
        self.leave(held);
        now
    }

    fn leave(&self, held: Held<'_, Option<Body>>) {
        match held.leave() {
            Left::Clean => {}
            Left::Missed => self.head.wake(),
            Left::Orphaned(_) if planted("orphan") => {}
            Left::Orphaned(held) => self.bury_orphan(held),
        }
    }

    /// The runtime is gone: no more polls. What can be done without them is done, in the fixed order.
    fn bury_orphan(&self, mut held: Held<'_, Option<Body>>) {
        let Some(body) = held.with(Option::take) else {
            return;
        };
        let reason = ExitReason::RuntimeGone;
        self.mailbox.shut();
        let left = self.mailbox.drain(&mut Inbox::default());
        current::enter(&self.head, ptr::null_mut(), || {
            if planted("alive_body") {
                return drop((body, left));
            }
            current::dying(&reason, || {
                let _ = dispose(body);
                self.discard(left);
            });
        });
        self.head.depart(reason);
    }

    /// Drops what nobody will handle, each under its own guard: a message may panic when dropped.
    pub(super) fn discard(&self, left: VecDeque<Item<M>>) {
        for item in left {
            if matches!(item, Item::User(_)) {
                self.head.counters.undelivered.fetch_add(1, Relaxed);
            }
            let _ = dispose(item);
        }
    }

    // ---- for the body, which runs under the run lock -----------------------------------------------

    /// The message of the caller that runs the body: `None` when none does, and inside when its message has been taken.
    #[inline]
    pub(super) fn take_handed(&self) -> Option<Option<M>> {
        let visitor = current::visitor().cast::<Option<M>>();
        if visitor.is_null() {
            return None;
        }
        // SAFETY: the body of this cell calls this, so the current frame was made by `poll_body` of this cell, with what
        // `hand_over` was given: a mutable reference that it holds, unused, until that poll is over.
        Some(unsafe { (*visitor).take() })
    }

    #[inline]
    pub(super) fn set_idle(&self, idle: bool) {
        self.idle.set(idle);
    }
}

impl<M: Send + 'static> Future for Carrier<M> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let cell = &*self.0;
        cell.head.carrier.set(cx.waker());
        match cell.run.enter_or_note() {
            Some(held) => cell.poll_body(held, ptr::null_mut(), cx),
            // The holder saw or will see our note and wake us.
            None => Poll::Pending,
        }
    }
}

impl<M: Send + 'static> Drop for Carrier<M> {
    fn drop(&mut self) {
        if let Some(held) = self.0.run.orphan() {
            self.0.bury_orphan(held);
        }
    }
}

/// Used before the carrier's own waker exists.
impl<M: Send + 'static> Wake for Cell<M> {
    fn wake(self: Arc<Self>) {
        self.head.wake();
    }
}

impl<M: Send + 'static> Erased for Cell<M> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn push_signal(&self, signal: Signal) -> Option<WakeIsMine> {
        self.mailbox.push_signal(signal)
    }

    fn push_urgent(&self, item: Urgent) -> Option<WakeIsMine> {
        self.mailbox.push_urgent(item)
    }

    fn queued(&self) -> usize {
        self.mailbox.queued()
    }

    fn queued_peak(&self) -> usize {
        self.mailbox.queued_peak()
    }

    fn is_polled(&self) -> bool {
        self.run.is_held()
    }

    fn abandon(&self) -> bool {
        Cell::abandon(self)
    }

    fn load(&self) -> usize {
        self.mailbox.queued() + usize::from(self.mailbox.is_awake())
    }

    fn unreserve(&self) -> WakeIsMine {
        self.mailbox.unreserve()
    }
}

impl<M> std::fmt::Debug for Cell<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cell")
            .field("pid", &Pid::local(self.head.serial))
            .finish_non_exhaustive()
    }
}
