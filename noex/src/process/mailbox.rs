//! One ordered queue per process, and the door in front of it.
//!
//! **Invariant (admission).** Whether the door is open and the place in the queue are decided under one lock; the door is
//! shut under the same lock, by the runner, who then drains. So an item is either refused (and handed back) or in the
//! queue before the door is shut, where the runner finds it and handles or drains it.
//!
//! **Invariant (one wake-up).** `awake` turns false only when the runner found the queue empty, under the lock. Whoever
//! turns it true owns the wake-up, alone.
//!
//! **Invariant (line).** A waiting message is moved into the queue by the runner, so no later sender overtakes it.
//!
//! Lifecycle items share the order of user messages, are never refused for lack of room and take no room. Only what must overtake goes
//! into the urgent lane.

use super::queue::Queue;
use super::seat::{InLine, Line};
use super::signal::{Signal, Urgent};
use crate::sync::atomic::{AtomicBool, Ordering::*};
use crate::sync::{Mutex, planted};
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

#[derive(Debug)]
pub(crate) struct Mailbox<M> {
    /// `Inner::awake` for those who hold the run lock and not ours.
    awake: AtomicBool,
    capacity: u32,
    inner: Mutex<Inner<M>>,
}

#[derive(Debug)]
struct Inner<M> {
    queue: Queue<Item<M>>,
    /// User messages in `queue`, and places reserved in it.
    users: u32,
    /// User messages the runner has taken in a batch and not begun: a bound is a bound.
    taken: u32,
    /// Signals in `queue`.
    signals: u32,
    /// The runner has been woken, or has not found the queue empty yet.
    awake: bool,
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
            awake: AtomicBool::new(true),
            capacity: u32::try_from(capacity).unwrap_or(u32::MAX),
            inner: Mutex::new(Inner {
                queue: Queue::new(),
                users: 0,
                taken: 0,
                signals: 0,
                awake: true,
                closed: false,
                rare: None,
            }),
        }
    }

    /// Whether the process may have something queued. For the holder of the run lock `false` means that everything
    /// sent before, by anyone it knows of, has been handled: `awake` falls only in the hands of an earlier holder.
    #[inline]
    pub(crate) fn is_awake(&self) -> bool {
        self.awake.load(Acquire)
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

    fn admit(&self, q: &mut Inner<M>, message: M) -> Result<WakeIsMine, Refused<M>> {
        if q.closed {
            return Err(Refused::Closed(message));
        }
        if q.room(self.capacity) == 0 || q.someone_waits() {
            return Err(Refused::Full(message));
        }
        q.users += 1;
        q.queue.push(Item::User(message));
        Ok(self.rouse(q))
    }

    /// Admits a message in the place of the oldest one for which `droppable` holds, if there is no room.
    pub(crate) fn push_over(
        &self,
        message: M,
        droppable: impl Fn(&M) -> bool,
    ) -> (Result<WakeIsMine, Refused<M>>, Option<M>) {
        let mut q = self.inner.lock();
        // Nothing is dropped in vain: those who wait for room come first.
        let full = !q.closed && q.room(self.capacity) == 0 && !q.someone_waits();
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
            Err(Refused::Full(message)) => Ok(Pushed::Later(q.rare().seats.sit(Some(message)))),
        }
    }

    /// Keeps a place for one message; `None` when the door is shut.
    pub(crate) fn reserve(&self) -> Option<Pushed<M>> {
        let mut q = self.inner.lock();
        if q.closed {
            return None;
        }
        if q.room(self.capacity) == 0 || q.someone_waits() {
            return Some(Pushed::Later(q.rare().seats.sit(None)));
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
        Ok(self.rouse(&mut q))
    }

    /// Gives a reserved place up.
    pub(crate) fn unreserve(&self) -> WakeIsMine {
        let mut wake = Vec::new();
        let mut q = self.inner.lock();
        q.users = q.users.saturating_sub(1);
        let mine = !planted("unreserve")
            && q.admit_waiting(self.capacity, &mut wake)
            && self.rouse(&mut q);
        drop(q);
        wake.into_iter().for_each(Waker::wake);
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
        Some(self.rouse(&mut q))
    }

    pub(crate) fn push_urgent(&self, item: Urgent) -> Option<WakeIsMine> {
        let mut q = self.inner.lock();
        if q.closed {
            return None;
        }
        q.rare().urgent.push_back(item);
        Some(self.rouse(&mut q))
    }

    /// Turns `awake` on.
    #[inline]
    fn rouse(&self, q: &mut Inner<M>) -> WakeIsMine {
        let asleep = !std::mem::replace(&mut q.awake, true);
        if asleep {
            self.awake.store(true, Release);
        }
        asleep
    }

    /// The runner's next piece of work.
    #[inline]
    pub(crate) fn next(&self, inbox: &mut Inbox<M>) -> Next<M> {
        if !inbox.urgent
            && !inbox.suspended
            && let Some(item) = inbox.batch.pop_front()
        {
            return Next::Item(item);
        }
        self.next_locked(inbox)
    }

    fn next_locked(&self, inbox: &mut Inbox<M>) -> Next<M> {
        let mut wake = Vec::new();
        let mut q = self.inner.lock();
        if inbox.batch.is_empty() && q.taken > 0 {
            q.taken = 0;
        }
        if q.rare.is_some() {
            q.admit_waiting(self.capacity, &mut wake);
        }
        let next = q.next(inbox);
        if matches!(next, Next::Empty) && std::mem::replace(&mut q.awake, false) {
            self.awake.store(false, Release);
        }
        drop(q);
        wake.into_iter().for_each(Waker::wake);
        next
    }

    /// Shuts the door. From here on the queue only shrinks.
    pub(crate) fn shut(&self) {
        self.inner.lock().closed = true;
    }

    /// Takes everything that was admitted, in order, and hands back what waits in line. The door is shut.
    pub(crate) fn drain(&self, inbox: &mut Inbox<M>) -> VecDeque<Item<M>> {
        let mut left = std::mem::take(&mut inbox.batch);
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
        q.queue.len() + q.taken as usize
    }
}

impl<M> Inner<M> {
    #[inline]
    fn room(&self, capacity: u32) -> u32 {
        if capacity == u32::MAX {
            return capacity;
        }
        capacity.saturating_sub(self.users.saturating_add(self.taken))
    }

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

    /// First come, first admitted; true if anything entered the queue.
    fn admit_waiting(&mut self, capacity: u32, wake: &mut Vec<Waker>) -> bool {
        let mut entered = false;
        while self.room(capacity) > 0 {
            let Some((message, waker)) = self.rare.as_mut().and_then(|r| r.seats.admit()) else {
                break;
            };
            self.users += 1;
            if let Some(message) = message {
                self.queue.push(Item::User(message));
                entered = true;
            }
            wake.extend(waker);
        }
        entered
    }

    fn next(&mut self, inbox: &mut Inbox<M>) -> Next<M> {
        if let Some(urgent) = self.rare.as_mut().and_then(|r| r.urgent.pop_front()) {
            return Next::Urgent(urgent);
        }
        inbox.urgent = false;
        if inbox.suspended {
            // A suspended process still obeys what decides over its life, wherever in the queue it is.
            let stop = |item: &Item<M>| matches!(item, Item::Signal(s) if s.is_lifecycle());
            let at = inbox.batch.iter().position(stop);
            let found = match at {
                Some(at) => inbox.batch.remove(at),
                None => self.queue.remove(stop).inspect(|_| self.signals -= 1),
            };
            return found.map_or(Next::Empty, Next::Item);
        }
        if let Some(item) = inbox.batch.pop_front() {
            return Next::Item(item);
        }
        let Some(item) = self.queue.take(&mut inbox.batch) else {
            self.queue.shrink(&mut inbox.batch);
            return Next::Empty;
        };
        self.count_taken(&item, inbox);
        Next::Item(item)
    }

    /// Moves what was taken from `users` to `taken`.
    fn count_taken(&mut self, item: &Item<M>, inbox: &Inbox<M>) {
        let batch = u32::try_from(inbox.batch.len()).unwrap_or(u32::MAX);
        let mut signals = 0;
        if self.signals > 0 {
            let is_signal = |item: &&Item<M>| matches!(item, Item::Signal(_));
            signals = inbox.batch.iter().filter(is_signal).count() as u32;
        }
        let first_is_user = u32::from(matches!(item, Item::User(_)));
        self.taken = batch - signals;
        self.users = self.users.saturating_sub(self.taken + first_is_user);
        self.signals -= signals + (1 - first_is_user);
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
