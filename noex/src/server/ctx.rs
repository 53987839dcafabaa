//! What a server can do from inside its handlers.

use super::{GenServer, Info, Process, Ref, Reply};
use crate::clock::{self, Instant};
use crate::error::RegisterError;
use crate::process::deadline::Deadline;
use crate::process::reply_slot::CallContext;
use crate::process::wheel::{self, Armed, Due};
use crate::process::{
    BlockingJob, Cell, ExitReason, MonitorRef, Name, Owned, Pid, ProcessArc, Signal, current,
    dispose, fresh_number,
};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

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
    pub(super) idle: Idle,
}

/// When nothing has arrived for a while.
#[derive(Default)]
pub(super) struct Idle {
    since: Option<Instant>,
    timer: Option<Armed>,
    /// The notice has been given since the last message.
    told: bool,
}

/// The timer number of the idle notice.
pub(super) const IDLE: u64 = 0;

struct TimerEntry<M> {
    /// Its place in the wheel; none when it was due at once.
    armed: Option<Armed>,
    at: Instant,
    message: TimerMessage<M>,
}

impl<M> TimerEntry<M> {
    fn disarm(&self) {
        if let Some(armed) = &self.armed {
            armed.cancel();
        }
    }
}

enum TimerMessage<M> {
    Once(M),
    Every {
        make: Box<dyn Fn() -> M + Send>,
        period: Duration,
    },
}

/// One timer of a server. It dies with its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timer(u64);

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

    // ---- timers --------------------------------------------------------------------------------

    /// Sends `message` to this server after `delay`, up to a millisecond later; with a delay of zero, behind what it has been
    /// sent up to now. The timer dies with the process.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn send_after<T>(&mut self, delay: Duration, message: T) -> Timer
    where
        S: Info<T>,
    {
        self.add_timer(delay, TimerMessage::Once(S::info(message)))
    }

    /// Sends a copy of `message` to this server every `period`, the first after one period. A tick that is due while an
    /// earlier one still waits is left out.
    ///
    /// # Panics
    ///
    /// When `period` is zero, or outside of a tokio runtime.
    pub fn interval<T>(&mut self, period: Duration, message: T) -> Timer
    where
        S: Info<T>,
        T: Clone + Send + 'static,
    {
        assert!(!period.is_zero(), "an interval of zero never pauses");
        let make = Box::new(move || S::info(message.clone()));
        self.add_timer(period, TimerMessage::Every { make, period })
    }

    /// Cancels a timer. The time that was left, zero if its message was due and not handled yet: in either case it will not
    /// arrive. `None` if it has arrived, or was cancelled before.
    pub fn cancel(&mut self, timer: Timer) -> Option<Duration> {
        let entry = self.rare.as_mut()?.timers.remove(&timer.0)?;
        entry.disarm();
        Some(entry.at.saturating_duration_since(clock::now()))
    }

    fn add_timer(&mut self, delay: Duration, message: TimerMessage<S::Message>) -> Timer {
        let id = fresh_number();
        let at = clock::later(clock::now(), delay);
        // What is due at once needs no wheel, which would let later messages overtake it.
        let armed = (!delay.is_zero()).then(|| self.arm(at, id));
        let at_once = armed.is_none();
        let entry = TimerEntry { armed, at, message };
        self.rare().timers.insert(id, entry);
        if at_once {
            self.process().signal(Signal::Timer(id));
        }
        Timer(id)
    }

    fn arm(&self, at: Instant, id: u64) -> Armed {
        let due = Due::Timer(self.process().downgrade(), id);
        Armed::new(wheel::needed(), at, due)
    }

    /// The message of a timer that is due; `None` when it was cancelled meanwhile.
    pub(super) fn take_due(&mut self, id: u64) -> Option<S::Message> {
        let own = self.rare.as_mut().and_then(|r| r.timers.remove(&id));
        let Some(mut entry) = own else {
            return self.cell.head.take_posted(id)?.open();
        };
        match &entry.message {
            TimerMessage::Once(_) => match entry.message {
                TimerMessage::Once(message) => Some(message),
                TimerMessage::Every { .. } => None,
            },
            TimerMessage::Every { make, period } => {
                let message = make();
                let now = clock::now();
                let since_tick =
                    now.saturating_duration_since(entry.at).as_nanos() % period.as_nanos();
                let since_tick = u64::try_from(since_tick).map_or(*period, Duration::from_nanos);
                entry.at = clock::later(now, *period - since_tick);
                entry.armed = Some(self.arm(entry.at, id));
                self.rare().timers.insert(id, entry);
                Some(message)
            }
        }
    }

    /// Notes that the server goes to sleep, and sees to it that it learns when it has slept for long.
    pub(super) fn about_to_sleep(&mut self) {
        let Some(limit) = S::OPTIONS.idle else { return };
        if self.rare().idle.told || self.rare().idle.since.is_some() {
            return;
        }
        let now = clock::now();
        self.rare().idle.since = Some(now);
        if self.rare().idle.timer.is_none() {
            let armed = self.arm(now + limit, IDLE);
            self.rare().idle.timer = Some(armed);
        }
    }

    /// A message has arrived.
    pub(super) fn not_idle(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.idle.since = None;
            rare.idle.told = false;
        }
    }

    /// The idle timer has fired: whether nothing has arrived for the whole time.
    pub(super) fn is_idle(&mut self) -> bool {
        let Some(limit) = S::OPTIONS.idle else {
            return false;
        };
        self.rare().idle.timer = None;
        let Some(since) = self.rare().idle.since else {
            return false;
        };
        let now = clock::now();
        if now < since + limit {
            let armed = self.arm(since + limit, IDLE);
            self.rare().idle.timer = Some(armed);
            return false;
        }
        self.rare().idle.told = true;
        self.rare().idle.since = None;
        true
    }

    // ---- relations -----------------------------------------------------------------------------

    /// Watches a process: one `#[info(down)]` will tell of its end. When it is gone already, or the name belongs to nobody, the notice comes at
    /// once with [`ExitReason::NoProc`].
    pub fn monitor<P: GenServer>(&mut self, process: &Process<P>) -> MonitorRef {
        match process.resolve() {
            Some(target) => self.process().monitor(&ProcessArc(target.clone())),
            None => self.process().monitor_nobody(),
        }
    }

    /// Ends a monitor. A notice that is queued already is still delivered. False if this server holds no such monitor.
    pub fn demonitor(&mut self, monitor: MonitorRef) -> bool {
        self.process().demonitor(monitor, false)
    }

    /// Ends a monitor and takes back its notice if that is queued already. False if this server holds no such monitor.
    pub fn demonitor_flush(&mut self, monitor: MonitorRef) -> bool {
        self.process().demonitor(monitor, true)
    }

    /// Links this process and another: when one ends with an unclean reason, so does the other, unless it [traps
    /// exits](Self::trap_exit). Linking twice is linking once. With a process that is gone, an exit signal with
    /// [`ExitReason::NoProc`] is the answer.
    pub fn link<P: GenServer>(&mut self, process: &Process<P>) {
        match process.resolve() {
            Some(peer) => self.process().link(&ProcessArc(peer.clone())),
            None => self.process().exit_signal(None, ExitReason::NoProc, None),
        }
    }

    /// Ends a link. No exit signal of that link arrives after this.
    pub fn unlink<P: GenServer>(&mut self, process: &Process<P>) {
        if let Some(peer) = process.resolve() {
            self.process().unlink(&ProcessArc(peer.clone()));
        }
    }

    /// Whether exit signals sent from now on arrive as messages (`#[info(exit)]`) instead of ending this process.
    pub fn trap_exit(&mut self, on: bool) {
        self.cell.head.trap_exit(on);
    }

    /// Registers this process under one more name; see [`Process::register`].
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
        self.cell.head.extras(|e| e.label = Some(label));
    }

    // ---- tasks ---------------------------------------------------------------------------------

    /// Runs a future beside the server, in its system. It is aborted when the process ends: then it is dropped at its next await. When it
    /// panics, that is logged, and the server goes on.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.owned().spawn(CallContext::default(), task);
    }

    /// Runs a closure on tokio's blocking pool. When the process ends before the closure has begun, it never runs. Once begun it cannot
    /// be stopped: it is told by its [`BlockingJob`], and until it returns it counts among the
    /// [orphaned jobs](crate::System::orphaned_jobs) of the system. When it panics, that is logged, and the server goes on.
    ///
    /// ```
    /// use noex::prelude::*;
    ///
    /// struct Digest { sum: u64 }
    ///
    /// #[gen_server]
    /// impl Digest {
    ///     #[cast]
    ///     fn add_all(&mut self, numbers: Vec<u64>, cx: &mut Ctx<Self>) {
    ///         let me = cx.myself();
    ///         cx.spawn_blocking(move |job| {
    ///             let mut sum = 0;
    ///             for n in numbers {
    ///                 if job.is_cancelled() {
    ///                     return;
    ///                 }
    ///                 sum += n;
    ///             }
    ///             let _ = me.done(sum);
    ///         });
    ///     }
    ///     #[cast]
    ///     fn done(&mut self, sum: u64) { self.sum += sum }
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn spawn_blocking(&mut self, work: impl FnOnce(&BlockingJob) + Send + 'static) {
        self.owned().spawn_blocking(work);
    }

    fn owned(&mut self) -> Arc<Owned> {
        if let Some(owned) = self.rare.as_ref().and_then(|r| r.owned.clone()) {
            return owned;
        }
        let head = &self.cell.head;
        let owned = Arc::new(Owned::new(head));
        head.extras(|e| e.owned = Some(owned.clone()));
        // Whoever abandons the process fences it off before looking for what it owns.
        if head.is_fenced() {
            owned.end(&ExitReason::Leaked);
        }
        self.rare().owned = Some(owned.clone());
        owned
    }

    // ---- the call being handled ---------------------------------------------------------------------

    /// Until when the caller waits for the answer of the call being handled; `None` for ever, for no call, or for one that is wanted in any case
    /// (detached, or `#[call(always)]`). Calls made from here end no later.
    pub fn deadline(&self) -> Option<Instant> {
        let at = self.cell.head.fixed_context().deadline.at()?;
        let now = clock::now();
        let left = at.saturating_sub(clock::nanos(now));
        Some(now + Duration::from_nanos(left))
    }

    /// Whether the deadline of the call being handled has passed. (For a deferred call, see also [`Reply::is_cancelled`].)
    pub fn is_cancelled(&self) -> bool {
        let deadline = self.cell.head.fixed_context().deadline;
        deadline.is_over(|| clock::nanos(clock::now()))
    }

    /// The number that follows the request being handled through nested calls; 0 when no call is being handled.
    pub fn request_id(&self) -> u64 {
        self.cell.head.context().request
    }

    pub(crate) fn unexpected(&self, what: &dyn fmt::Debug) {
        tracing::warn!(target: "noex::lifecycle", pid = %self.pid(), server = S::TYPE, ?what, "unexpected message; add an #[info] handler for it");
    }
}

/// For generated code.
impl<S: GenServer> Ctx<S> {
    /// Begins the handling of a call, unless nobody wants its answer any more. One that runs always is not bound by the
    /// deadline of a caller that may have gone.
    #[doc(hidden)]
    #[inline]
    pub fn __begin<T: Send + 'static, E: Send + 'static>(
        &mut self,
        reply: Reply<T, E>,
        always: bool,
    ) -> Option<Reply<T, E>> {
        let token = reply.token()?;
        let mut context = token.context();
        if always {
            context.deadline = Deadline::NEVER;
        } else if token.is_abandoned() || context.deadline.is_over(|| clock::nanos(clock::now())) {
            let skipped = &self.cell.head.counters.skipped;
            skipped.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            return None;
        }
        self.cell.head.set_context(context);
        Some(reply)
    }

    /// Begins a call whose token goes to user code.
    #[doc(hidden)]
    pub fn __defer<T: Send + 'static, E: Send + 'static>(
        &mut self,
        reply: Reply<T, E>,
        always: bool,
    ) -> Option<Reply<T, E>> {
        let reply = self.__begin(reply, always)?;
        if let Some(token) = reply.token() {
            token.park();
        }
        Some(reply)
    }

    #[doc(hidden)]
    #[inline]
    pub fn __send<T: Send + 'static>(&mut self, reply: Reply<T>, value: T) {
        self.__complete(reply, Ok(value));
    }

    /// Answers; a handler that has stopped the server answers after `terminate`.
    #[doc(hidden)]
    #[inline]
    pub fn __complete<T: Send + 'static, E: Send + 'static>(
        &mut self,
        reply: Reply<T, E>,
        result: Result<T, E>,
    ) {
        if self.stop.is_none() {
            reply.complete(result);
        } else {
            let words = &mut self.rare().last_words;
            words.push(Box::new(move || reply.complete(result)));
        }
    }

    /// Runs a handler's future beside the server and answers with what it yields.
    #[doc(hidden)]
    pub fn __answer_later<T, E, F>(
        &mut self,
        reply: Reply<T, E>,
        work: F,
        finish: fn(Reply<T, E>, F::Output),
    ) where
        T: Send + 'static,
        E: Send + 'static,
        F: Future + Send + 'static,
    {
        if let Some(token) = reply.token() {
            token.park();
        }
        let owned = self.owned();
        let mut answer = Unanswered {
            reply: Some(reply),
            owned: owned.clone(),
        };
        let context = self.cell.head.fixed_context();
        owned.spawn(context, async move {
            let value = work.await;
            if let Some(reply) = answer.reply.take() {
                finish(reply, value);
            }
        });
    }
}

/// A reply whose task may be aborted with its process: then the process's reason is the answer.
struct Unanswered<T: Send + 'static, E: Send + 'static> {
    reply: Option<Reply<T, E>>,
    owned: Arc<Owned>,
}

impl<T: Send + 'static, E: Send + 'static> Drop for Unanswered<T, E> {
    fn drop(&mut self) {
        if let (Some(reply), Some(reason)) = (self.reply.take(), self.owned.ending()) {
            reply.died(reason);
        }
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

impl<S: GenServer> Ctx<S> {
    pub(super) fn clear_context(&self) {
        self.cell.head.set_context(CallContext::default());
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
