//! The runner's side: what it takes out of the queue, and how it falls asleep.

use super::{ASLEEP, AWAKE, DRAINED, Inner, Item, Mailbox};
use crate::process;
use crate::process::signal::Urgent;
use crate::sync::MutexGuard;
use crate::sync::atomic::Ordering::*;
use std::collections::VecDeque;

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

impl<M> Mailbox<M> {
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
        wake.into_iter().for_each(process::wake);
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
        wake.into_iter().for_each(process::wake);
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
}

impl<M> Inner<M> {
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
