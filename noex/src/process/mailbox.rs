//! One ordered queue per process, and the door in front of it.
//!
//! **Invariant (admission).** Whether the door is open and the place in the queue are decided under one lock; the door is
//! shut under the same lock, by the runner, who then drains. So an item is either refused (and handed back) or in the
//! queue before the door is shut, where the runner finds it and handles or drains it.
//!
//! **Invariant (one wake-up).** `runner` turns to `ASLEEP` only in the hands of the runner: under the lock, when it found the
//! queue empty; or without, from `DRAINED`, which says that it took the last item and that nothing came since, because each
//! sender turns it to `AWAKE`. Whoever turns it from `ASLEEP` to `AWAKE` owns the wake-up, alone.
//!
//! **Invariant (line).** A waiting message is moved into the queue by the runner, so no later sender overtakes it. Who waits has
//! seen no room under the lock, so the runner has items before it, or somebody a reserved place: whoever makes room looks into the line.
//!
//! Lifecycle items share the order of user messages, are never refused for lack of room and take no room. Only what must overtake goes
//! into the urgent lane.

use super::queue::Queue;
use super::seat::{InLine, Line};
use super::signal::{Signal, Urgent};
use crate::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::*};
use crate::sync::{Mutex, MutexGuard, planted};
use std::collections::VecDeque;
use std::task::Waker;

#[derive(Debug)]
pub(crate) enum Item<M> {
    User(M),
    /// Ordered with user messages, exempt from the bound.
    Signal(Signal),
}

/// The owner of a `true` must see to it that the process runs.
pub(crate) type WakeIsMine = bool;

#[derive(Debug)]
pub(crate) enum Refused<M> {
    Closed(M),
    Full(M),
}

/// The runner sleeps.
const ASLEEP: u8 = 0;
/// The runner will look into the queue.
const AWAKE: u8 = 1;
/// The runner is busy with the only item it had taken, and left the queue empty.
const DRAINED: u8 = 2;

#[derive(Debug)]
pub(crate) struct Mailbox<M> {
    /// Written under the lock, but for the step from `DRAINED` to `ASLEEP`; read without it only by the holder of the run lock.
    runner: AtomicU8,
    /// Someone waits for room. Written under the lock; a hint for the runner, who looks again under it.
    line: AtomicBool,
    /// User messages the runner has taken in a batch and not begun: a bound is a bound. Written by the runner alone; a sender that
    /// sees too many waits in line, where the runner finds it.
    taken: AtomicU32,
    capacity: u32,
    inner: Mutex<Inner<M>>,
}

#[derive(Debug)]
struct Inner<M> {
    queue: Queue<Item<M>>,
    /// User messages in `queue`, and places reserved in it.
    users: u32,
    /// Signals in `queue`.
    signals: u32,
    /// The most items that the runner has found.
    peak: u32,
    closed: bool,
    /// What most processes never need.
    rare: Option<Box<Rare<M>>>,
}

#[derive(Debug)]
struct Rare<M> {
    seats: Line<M>,
    urgent: VecDeque<Urgent>,
}

/// What the runner finds when it looks for work.
#[derive(Debug)]
pub(crate) enum Next<M> {
    Item(Item<M>),
    Urgent(Urgent),
    /// Nothing; the process now sleeps.
    Empty,
}

/// The runner's end: a batch taken out of the queue, handled without the lock.
#[derive(Debug)]
pub(crate) struct Inbox<M> {
    batch: VecDeque<Item<M>>,
    pub(crate) suspended: bool,
    /// The urgent lane must be looked at before the batch.
    pub(crate) urgent: bool,
}

/// What became of a message for which there may be no room yet.
pub(crate) enum Pushed<M> {
    Now(WakeIsMine),
    Later(InLine<M>),
}

impl<M> Mailbox<M> {
    /// A new process is awake: its first poll is on its way.
    pub(crate) fn new(capacity: usize) -> Self {
        Mailbox {
            runner: AtomicU8::new(AWAKE),
            line: AtomicBool::new(false),
            taken: AtomicU32::new(0),
            capacity: u32::try_from(capacity).unwrap_or(u32::MAX),
            inner: Mutex::new(Inner {
                queue: Queue::new(),
                users: 0,
                signals: 0,
                peak: 0,
                closed: false,
                rare: None,
            }),
        }
    }

    /// Whether the process may have something queued. For the holder of the run lock `false` means that everything
    /// sent before, by anyone it knows of, has been handled: it falls asleep only in the hands of an earlier holder.
    #[inline]
    pub(crate) fn is_awake(&self) -> bool {
        self.runner.load(Acquire) != ASLEEP
    }

    /// Admits a message if there is room and nobody waits for room already.
    #[inline]
    pub(crate) fn push(&self, message: M) -> Result<WakeIsMine, Refused<M>> {
        let mut q = self.inner.lock();
        if planted("admission") {
            // Two steps instead of one: the door is looked at, and only then gone through.
            let closed = q.closed;
            drop(q);
            if closed {
                return Err(Refused::Closed(message));
            }
            q = self.inner.lock();
            q.closed = false;
        }
        self.admit(&mut q, message)
    }

    #[inline(always)]
    fn admit(&self, q: &mut Inner<M>, message: M) -> Result<WakeIsMine, Refused<M>> {
        if q.closed {
            return Err(Refused::Closed(message));
        }
        if self.room(q) == 0 || q.someone_waits() {
            return Err(Refused::Full(message));
        }
        q.users += 1;
        q.queue.push(Item::User(message));
        Ok(self.rouse())
    }

    /// Admits a message in the place of the oldest one for which `droppable` holds, if there is no room.
    pub(crate) fn push_over(
        &self,
        message: M,
        droppable: impl Fn(&M) -> bool,
    ) -> (Result<WakeIsMine, Refused<M>>, Option<M>) {
        let mut q = self.inner.lock();
        // Nothing is dropped in vain: those who wait for room come first.
        let full = !q.closed && self.room(&q) == 0 && !q.someone_waits();
        let dropped = full
            .then(|| {
                q.queue
                    .remove(|item| matches!(item, Item::User(m) if droppable(m)))
            })
            .flatten();
        if dropped.is_some() {
            q.users -= 1;
        }
        let pushed = self.admit(&mut q, message);
        drop(q);
        let dropped = dropped.and_then(|item| match item {
            Item::User(message) => Some(message),
            Item::Signal(_) => None,
        });
        (pushed, dropped)
    }

    /// Admits the message or lets it wait in line: one step, so that no room is missed.
    pub(crate) fn push_or_wait(&self, message: M) -> Result<Pushed<M>, M> {
        let mut q = self.inner.lock();
        match self.admit(&mut q, message) {
            Ok(mine) => Ok(Pushed::Now(mine)),
            Err(Refused::Closed(message)) => Err(message),
            Err(Refused::Full(message)) => Ok(Pushed::Later(self.sit(&mut q, Some(message)))),
        }
    }

    /// Keeps a place for one message; `None` when the door is shut.
    pub(crate) fn reserve(&self) -> Option<Pushed<M>> {
        let mut q = self.inner.lock();
        if q.closed {
            return None;
        }
        if self.room(&q) == 0 || q.someone_waits() {
            return Some(Pushed::Later(self.sit(&mut q, None)));
        }
        q.users += 1;
        Some(Pushed::Now(false))
    }

    /// Puts a message into a reserved place.
    pub(crate) fn fill(&self, message: M) -> Result<WakeIsMine, M> {
        let mut q = self.inner.lock();
        if q.closed {
            return Err(message);
        }
        q.queue.push(Item::User(message));
        Ok(self.rouse())
    }

    /// Gives a reserved place up.
    pub(crate) fn unreserve(&self) -> WakeIsMine {
        let mut wake = Vec::new();
        let mut q = self.inner.lock();
        q.users = q.users.saturating_sub(1);
        let mine = !planted("unreserve") && self.let_in(&mut q, &mut wake) && self.rouse();
        drop(q);
        wake.into_iter().for_each(super::wake);
        mine
    }

    /// Lifecycle items always get in while the door is open.
    pub(crate) fn push_signal(&self, signal: Signal) -> Option<WakeIsMine> {
        let mut q = self.inner.lock();
        if q.closed {
            return None;
        }
        q.signals += 1;
        q.queue.push(Item::Signal(signal));
        Some(self.rouse())
    }

    pub(crate) fn push_urgent(&self, item: Urgent) -> Option<WakeIsMine> {
        let mut q = self.inner.lock();
        if q.closed {
            return None;
        }
        q.rare().urgent.push_back(item);
        Some(self.rouse())
    }

    /// Sees to it that the runner looks into the queue; under the lock.
    #[inline]
    fn rouse(&self) -> WakeIsMine {
        let asleep = match self.runner.load(Relaxed) {
            AWAKE => return false,
            // All other writes are under the lock.
            ASLEEP => true,
            _ => match self
                .runner
                .compare_exchange(DRAINED, AWAKE, AcqRel, Acquire)
            {
                Ok(_) => return false,
                // It fell asleep just now.
                Err(_) => true,
            },
        };
        self.runner.store(AWAKE, Release);
        asleep
    }

    /// The next item of the batch that the runner has taken, unless something may have to come first.
    #[inline(always)]
    pub(crate) fn next_of_batch(&self, inbox: &mut Inbox<M>) -> Option<Item<M>> {
        if inbox.urgent || inbox.suspended {
            return None;
        }
        // Begun before it is taken out: whoever waits for its room may run code when woken.
        self.begin(inbox.batch.front()?);
        if self.line.load(Relaxed) {
            self.look_into_line();
        }
        inbox.batch.pop_front()
    }

    /// The runner's next piece of work, once it has looked into its batch.
    #[inline(always)]
    pub(crate) fn next(&self, inbox: &mut Inbox<M>) -> Next<M> {
        let in_order = !inbox.urgent && !inbox.suspended;
        if in_order && self.runner.load(Relaxed) == DRAINED && self.fall_asleep() {
            return Next::Empty;
        }
        let mut q = self.inner.lock();
        if q.rare.is_some() || inbox.suspended {
            return self.next_with_rare(q, inbox);
        }
        inbox.urgent = false;
        let next = self.next_in_order(&mut q, inbox);
        self.note(&next, q.queue.is_empty() && inbox.batch.is_empty());
        next
    }

    /// The same when there is, or was, something urgent or someone in line.
    #[cold]
    fn next_with_rare(&self, mut q: MutexGuard<'_, Inner<M>>, inbox: &mut Inbox<M>) -> Next<M> {
        let mut wake = Vec::new();
        let urgent = q.rare().urgent.pop_front();
        let next = match urgent {
            Some(urgent) => Next::Urgent(urgent),
            None if inbox.suspended => q.next_of_lifecycle(inbox),
            None => self.next_in_order(&mut q, inbox),
        };
        inbox.urgent = matches!(next, Next::Urgent(_));
        self.let_in(&mut q, &mut wake);
        self.note(&next, false);
        drop(q);
        wake.into_iter().for_each(super::wake);
        next
    }

    #[inline]
    fn next_in_order(&self, q: &mut Inner<M>, inbox: &mut Inbox<M>) -> Next<M> {
        if let Some(item) = inbox.batch.pop_front() {
            self.begin(&item);
            return Next::Item(item);
        }
        let Some(item) = q.queue.take(&mut inbox.batch) else {
            q.queue.shrink(&mut inbox.batch);
            return Next::Empty;
        };
        match &item {
            Item::User(_) => q.users = q.users.saturating_sub(1),
            Item::Signal(_) => q.signals -= 1,
        }
        q.peak = q.peak.max(1 + inbox.batch.len() as u32);
        if !inbox.batch.is_empty() {
            self.taken.store(q.count_taken(inbox), Relaxed);
        }
        Next::Item(item)
    }

    /// Notes under the lock how the runner goes on. `bare` says that it took the last item there was.
    #[inline]
    fn note(&self, next: &Next<M>, bare: bool) {
        let runner = match next {
            Next::Empty => ASLEEP,
            Next::Item(_) if bare => DRAINED,
            _ => AWAKE,
        };
        self.runner.store(runner, Release);
    }

    /// False if something came after all.
    #[inline]
    fn fall_asleep(&self) -> bool {
        let step = self
            .runner
            .compare_exchange(DRAINED, ASLEEP, AcqRel, Acquire);
        step.is_ok()
    }

    /// The runner begins an item of its batch, which makes room.
    #[inline]
    fn begin(&self, item: &Item<M>) {
        if let Item::User(_) = item {
            self.taken.store(self.taken.load(Relaxed) - 1, Relaxed);
        }
    }

    #[cold]
    fn look_into_line(&self) {
        let mut wake = Vec::new();
        self.let_in(&mut self.inner.lock(), &mut wake);
        wake.into_iter().for_each(super::wake);
    }

    /// First come, first admitted; true if anything entered the queue.
    fn let_in(&self, q: &mut Inner<M>, wake: &mut Vec<Waker>) -> bool {
        let mut entered = false;
        while self.room(q) > 0 {
            let Some((message, waker)) = q.rare.as_mut().and_then(|r| r.seats.admit()) else {
                break;
            };
            q.users += 1;
            if let Some(message) = message {
                q.queue.push(Item::User(message));
                entered = true;
            }
            wake.extend(waker);
        }
        self.line.store(q.someone_waits(), Relaxed);
        entered
    }

    /// Lets a sender wait, with its message or for a place alone.
    fn sit(&self, q: &mut Inner<M>, message: Option<M>) -> InLine<M> {
        self.line.store(true, Relaxed);
        q.rare().seats.sit(message)
    }

    #[inline]
    fn room(&self, q: &Inner<M>) -> u32 {
        if self.capacity == u32::MAX {
            return self.capacity;
        }
        let waiting = q.users.saturating_add(self.taken.load(Relaxed));
        self.capacity.saturating_sub(waiting)
    }

    /// Shuts the door. From here on the queue only shrinks.
    pub(crate) fn shut(&self) {
        self.inner.lock().closed = true;
    }

    /// Takes everything that was admitted, in order, and hands back what waits in line. The door is shut.
    pub(crate) fn drain(&self, inbox: &mut Inbox<M>) -> VecDeque<Item<M>> {
        let mut left = inbox.take();
        self.taken.store(0, Relaxed);
        let mut q = self.inner.lock();
        (q.users, q.signals) = (0, 0);
        q.queue.drain_into(&mut left);
        let rare = q.rare.take();
        drop(q);
        if let Some(rare) = rare {
            rare.seats.bounce();
        }
        left
    }

    /// Messages and signals waiting, those included that the runner has taken in a batch.
    pub(crate) fn queued(&self) -> usize {
        let q = self.inner.lock();
        q.queue.len() + self.taken.load(Relaxed) as usize
    }

    /// The most that the runner has found waiting.
    pub(crate) fn queued_peak(&self) -> usize {
        self.inner.lock().peak as usize
    }
}

impl<M> Inner<M> {
    fn someone_waits(&self) -> bool {
        self.rare.as_ref().is_some_and(|r| !r.seats.is_empty())
    }

    fn rare(&mut self) -> &mut Rare<M> {
        self.rare.get_or_insert_with(|| {
            Box::new(Rare {
                seats: Line::default(),
                urgent: VecDeque::new(),
            })
        })
    }

    /// A suspended process still obeys what decides over its life, wherever in the queue it is.
    fn next_of_lifecycle(&mut self, inbox: &mut Inbox<M>) -> Next<M> {
        let stop = |item: &Item<M>| matches!(item, Item::Signal(s) if s.is_lifecycle());
        let at = inbox.batch.iter().position(stop);
        let found = match at {
            Some(at) => inbox.batch.remove(at),
            None => self.queue.remove(stop).inspect(|_| self.signals -= 1),
        };
        found.map_or(Next::Empty, Next::Item)
    }

    /// A batch has been taken: how many user messages are in it.
    fn count_taken(&mut self, inbox: &Inbox<M>) -> u32 {
        let batch = u32::try_from(inbox.batch.len()).unwrap_or(u32::MAX);
        let mut signals = 0;
        if self.signals > 0 {
            let is_signal = |item: &&Item<M>| matches!(item, Item::Signal(_));
            signals = inbox.batch.iter().filter(is_signal).count() as u32;
        }
        self.signals -= signals;
        self.users = self.users.saturating_sub(batch - signals);
        batch - signals
    }
}

impl<M> Inbox<M> {
    /// Takes out what was taken from the queue and not begun.
    pub(crate) fn take(&mut self) -> VecDeque<Item<M>> {
        std::mem::take(&mut self.batch)
    }
}

impl<M> Default for Inbox<M> {
    fn default() -> Self {
        Inbox {
            batch: VecDeque::new(),
            suspended: false,
            urgent: false,
        }
    }
}

#[cfg(all(test, not(noex_loom)))]
mod tests {
    use super::Item;
    use crate::process::reply_slot::Token;
    use std::convert::Infallible;

    /// What the macro makes of a cast and a call with the same arguments.
    #[expect(dead_code, reason = "only its size is asked for")]
    enum Message<A> {
        Cast(A),
        Call(A, Option<Token<Result<u64, Infallible>>>),
    }

    /// The token of a call and all tags included.
    #[test]
    fn an_envelope_adds_at_most_32_bytes() {
        fn added<A>() -> usize {
            size_of::<Option<Item<Message<A>>>>() - size_of::<A>()
        }
        let added = [
            added::<()>(),
            added::<u8>(),
            added::<u64>(),
            added::<String>(),
            added::<[u64; 8]>(),
            added::<[u8; 1021]>(),
            added::<u128>(),
        ];
        assert!(added.iter().all(|bytes| *bytes <= 32), "{added:?}");
    }
}
