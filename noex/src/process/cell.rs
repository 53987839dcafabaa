//! The process cell: who runs it, and how nobody's wish to run it gets lost.
//!
//! The body is one future. It is polled by whoever holds the run lock: the carrier (a tokio task) or a caller; always with a waker that
//! wakes the carrier.

use super::carriage::Need;
use super::current;
use super::dispose;
use super::exit::ExitReason;
use super::extras::WeakProcess;
use super::handle::{Erased, ProcessArc};
use super::head::Head;
use super::mailbox::{Inbox, Item, Mailbox, WakeIsMine};
use super::options::Kind;
use super::run_lock::{Held, Left, RunLock};
use super::runtime::Runtime;
use super::signal::{Signal, Urgent};
use crate::hooks::{Hook, hook};
use crate::sync::{planted, relax};
use crate::system::System;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};

/// A process that has handled more messages than this gets its carrier, whose waker costs its callers nothing.
const SELDOM: u64 = 64;

/// The life of a process, from init to its last step.
pub type Body = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One process.
pub(crate) struct Cell<M> {
    pub(crate) head: Head,
    run: RunLock<Option<Body>>,
    pub(crate) mailbox: Mailbox<M>,
}

/// The tokio task of a process. Dropping it unfinished (a runtime that shuts down) ends the process as `RuntimeGone`.
pub(crate) struct Carrier<M: Send + 'static>(pub(crate) Arc<Cell<M>>);

impl<M: Send + 'static> Cell<M> {
    pub(crate) fn new(kind: &'static Kind, system: System, runtime: Arc<Runtime>) -> Arc<Self> {
        Arc::new_cyclic(|this: &Weak<Self>| Cell {
            head: Head::new(kind, system, runtime, WeakProcess(this.clone())),
            run: RunLock::new(None),
            mailbox: Mailbox::new(kind.options.mailbox),
        })
    }

    /// Gives the new process its life; nobody else may know the cell yet, except to send to it.
    pub(crate) fn set_body(&self, body: Body) {
        let mut turn = 0;
        // A caller that has found it by its name may be looking whether it sleeps.
        let mut held = loop {
            match self.run.try_enter() {
                Some(held) => break held,
                None if planted("one_try") => return,
                None => relax(&mut turn),
            }
        };
        held.with(|b| *b = Some(body));
        let _ = held.leave();
    }

    // ---- who runs it ---------------------------------------------------------------------------

    /// Lets a new process begin. If it may, its starter runs it on its own stack, so that a start whose init is ready at once needs no
    /// task switch; a process that has run needs no carrier before something wakes it.
    pub(crate) fn begin(self: &Arc<Self>, may_run: bool) {
        let polled = if may_run { self.first_poll() } else { None };
        if let Some(Poll::Ready(())) = polled {
            return;
        }
        hook(Hook::StartPolled);
        let has_run = polled.is_some() || planted("unpolled");
        match self.head.carriage.begin(has_run) {
            Need::Nothing => {}
            Need::Carrier => Erased::carry(self.clone()),
            Need::End => ProcessArc(self.clone()).orphan(),
        }
    }

    /// Runs it once, unless a caller that has found it by its name is looking whether it sleeps.
    pub(super) fn first_poll(self: &Arc<Self>) -> Option<Poll<()>> {
        let held = self.run.try_enter()?;
        let waker = Waker::from(self.clone());
        Some(self.poll_body(held, ptr::null_mut(), &mut Context::from_waker(&waker)))
    }

    /// Runs a sleeping process on the caller's stack with this message, past its queue. The message is still there when the
    /// process was not asleep after all.
    #[inline]
    pub(crate) fn hand_over(&self, message: &mut Option<M>) {
        let Some(held) = self.run.try_enter().or_else(|| self.enter_soon()) else {
            return;
        };
        // Asleep and nothing queued: so the message is in nobody's way. Both are stable while the lock is held, but for
        // senders that come now, and those are not before us.
        let queued = self.mailbox.is_awake() && !planted("overtake");
        if queued || !(self.head.idle.get() || planted("suspended")) {
            self.leave(held);
            return;
        }
        let mut held = Some(held);
        let mut run = |waker: &Waker| {
            let waker = if planted("callers_waker") {
                Waker::noop()
            } else {
                waker
            };
            if let Some(held) = held.take() {
                let visitor = ptr::from_mut(message).cast();
                let _ = self.poll_body(held, visitor, &mut Context::from_waker(waker));
            }
        };
        if self.head.carrier.with(&mut run).is_none() && self.head.carriage.is_alone() {
            self.run_alone(run);
        }
        if let Some(held) = held {
            self.leave(held);
        }
    }

    /// Runs a process that has no carrier, with a waker that will give it one.
    #[cold]
    fn run_alone(&self, run: impl FnOnce(&Waker)) {
        let me = self.head.arc().and_then(|me| me.into_typed::<M>().ok());
        if let Some(me) = me {
            run(&Waker::from(me));
        }
        if self.head.counters.handled() > SELDOM {
            self.head.wake();
        }
    }

    /// Enters behind another caller, if that one takes no longer than it costs to wait for it in the queue.
    #[cold]
    fn enter_soon(&self) -> Option<Held<'_, Option<Body>>> {
        (0..self.head.sampler.patience()).find_map(|_| {
            std::hint::spin_loop();
            self.run.try_enter()
        })
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
                // The carrier has to end as well, if there is one. If it has not been polled yet, it will look.
                self.head.wake_carrier();
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
        self.head.idle.set(idle);
    }
}

impl<M: Send + 'static> Future for Carrier<M> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let cell = &*self.0;
        hook(Hook::CarrierWoken);
        let first = planted("lazy_carrier") && cell.head.carrier.with(|_| ()).is_none();
        cell.head.carrier.set(cx.waker());
        if first && !cell.mailbox.is_awake() {
            return Poll::Pending;
        }
        match cell.run.enter_or_note() {
            Some(held) => cell.poll_body(held, ptr::null_mut(), cx),
            // The holder saw or will see our note and wake us.
            None => Poll::Pending,
        }
    }
}

impl<M: Send + 'static> Drop for Carrier<M> {
    fn drop(&mut self) {
        hook(Hook::CarrierDropped);
        ProcessArc(self.0.clone()).orphan();
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

    fn carry(self: Arc<Self>) {
        let runtime = self.head.runtime.clone();
        runtime.spawn(Carrier(self));
    }

    fn orphan(&self) {
        if let Some(held) = self.run.orphan() {
            self.bury_orphan(held);
        }
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
            .field("pid", &self.head.pid())
            .finish_non_exhaustive()
    }
}
