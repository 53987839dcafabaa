//! A queue that grows in blocks, so that no push ever moves what is queued already.

use std::collections::VecDeque;

/// Items per block: long enough that the lock is taken rarely, short enough to be cheap to allocate.
pub(crate) const BLOCK: usize = 128;

/// First in, first out. The first item lives in the queue itself: a process that never has two
/// messages waiting allocates nothing.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    /// Older than everything in `rest`.
    first: Option<T>,
    rest: Option<Box<Rest<T>>>,
}

#[derive(Debug)]
struct Rest<T> {
    /// Full blocks, oldest first.
    full: VecDeque<VecDeque<T>>,
    tail: VecDeque<T>,
}

impl<T> Queue<T> {
    pub(crate) const fn new() -> Self {
        Queue {
            first: None,
            rest: None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        let rest = self.rest.as_ref().map_or(0, |r| {
            r.full.iter().map(VecDeque::len).sum::<usize>() + r.tail.len()
        });
        usize::from(self.first.is_some()) + rest
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        match &mut self.rest {
            None if self.first.is_none() => self.first = Some(item),
            Some(rest) if self.first.is_none() && rest.is_empty() => self.first = Some(item),
            Some(rest) => rest.push(item),
            None => self.rest.insert(Box::default()).push(item),
        }
    }

    /// Takes the oldest item, and behind it a block of those that follow into `batch`, which is empty.
    #[inline]
    pub(crate) fn take(&mut self, batch: &mut VecDeque<T>) -> Option<T> {
        debug_assert!(batch.is_empty());
        let first = self.first.take();
        if let Some(rest) = &mut self.rest
            && !rest.is_empty()
        {
            match rest.full.pop_front() {
                Some(block) => *batch = block,
                None => std::mem::swap(batch, &mut rest.tail),
            }
        }
        first.or_else(|| batch.pop_front())
    }

    /// Removes the oldest item for which `wanted` holds.
    pub(crate) fn remove(&mut self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        if self.first.as_ref().is_some_and(&wanted) {
            return self.first.take();
        }
        let rest = self.rest.as_mut()?;
        let blocks = rest.full.iter_mut().chain([&mut rest.tail]);
        blocks.into_iter().find_map(|block| {
            let at = block.iter().position(&wanted)?;
            block.remove(at)
        })
    }

    /// Empties the queue, oldest first, behind what is in `batch` already.
    pub(crate) fn drain_into(&mut self, batch: &mut VecDeque<T>) {
        batch.extend(self.first.take());
        if let Some(rest) = self.rest.take() {
            batch.extend(rest.full.into_iter().flatten());
            batch.extend(rest.tail);
        }
    }

    /// Gives back memory that a burst has left behind.
    pub(crate) fn shrink(&mut self) {
        if self.rest.as_ref().is_some_and(|r| r.is_empty()) {
            self.rest = None;
        }
    }

    /// Whether a burst has left more than a few slots behind.
    pub(crate) fn is_large(&self) -> bool {
        self.rest
            .as_ref()
            .is_some_and(|r| r.tail.capacity() > BLOCK / 2)
    }
}

impl<T> Rest<T> {
    fn is_empty(&self) -> bool {
        self.full.is_empty() && self.tail.is_empty()
    }

    #[inline]
    fn push(&mut self, item: T) {
        if self.tail.len() == BLOCK {
            let next = VecDeque::with_capacity(BLOCK);
            self.full.push_back(std::mem::replace(&mut self.tail, next));
        }
        self.tail.push_back(item);
    }
}

impl<T> Default for Rest<T> {
    fn default() -> Self {
        Rest {
            full: VecDeque::new(),
            tail: VecDeque::new(),
        }
    }
}
