//! A queue that grows in blocks, so that no push ever moves what is queued already.

use std::collections::VecDeque;

/// Bytes of a block: long enough that the lock and the allocator are seldom needed when the runner lags behind.
const BLOCK_BYTES: usize = 16 * 1024;
/// Bytes of what a burst may leave behind.
const KEPT_BYTES: usize = 4096;

/// Items per block.
const fn block<T>() -> usize {
    match BLOCK_BYTES.checked_div(size_of::<T>()) {
        Some(0..8) => 8,
        Some(items @ 8..128) => items,
        _ => 128,
    }
}

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
    /// An empty block to use next.
    spare: VecDeque<T>,
}

impl<T> Queue<T> {
    pub(crate) const fn new() -> Self {
        Queue {
            first: None,
            rest: None,
        }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none() && self.rest.as_ref().is_none_or(|r| r.is_empty())
    }

    pub(crate) fn len(&self) -> usize {
        let rest = self.rest.as_ref().map_or(0, |r| {
            r.full.iter().map(VecDeque::len).sum::<usize>() + r.tail.len()
        });
        usize::from(self.first.is_some()) + rest
    }

    /// Where there is room already, nothing here can unwind, so the item is written once and not kept for a drop.
    #[inline(always)]
    pub(crate) fn push(&mut self, item: T) {
        match &mut self.rest {
            Some(rest) if self.first.is_some() || !rest.is_empty() => {
                if rest.tail.len() < rest.tail.capacity() {
                    rest.tail.push_back(item);
                } else {
                    rest.push_and_grow(item);
                }
            }
            None if self.first.is_some() => self.push_second(item),
            _ => self.first = Some(item),
        }
    }

    #[cold]
    fn push_second(&mut self, item: T) {
        self.rest.insert(Box::default()).push_and_grow(item);
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
                Some(block) => rest.spare = std::mem::replace(batch, block),
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

    /// Gives back memory that a burst has left behind, but for a little, as bursts come in numbers. Both are empty.
    pub(crate) fn shrink(&mut self, batch: &mut VecDeque<T>) {
        let Some(rest) = &mut self.rest else { return };
        rest.spare = VecDeque::new();
        if rest.tail.capacity().max(batch.capacity()) * size_of::<T>() > KEPT_BYTES {
            (self.rest, *batch) = (None, VecDeque::new());
        }
    }
}

impl<T> Rest<T> {
    fn is_empty(&self) -> bool {
        self.full.is_empty() && self.tail.is_empty()
    }

    #[cold]
    fn push_and_grow(&mut self, item: T) {
        self.grow();
        self.tail.push_back(item);
    }

    /// A short tail first, then whole blocks.
    fn grow(&mut self) {
        let length = self.tail.len();
        if length < block::<T>() {
            let more = if length < 4 { 4 } else { block::<T>() } - length;
            return self.tail.reserve_exact(more);
        }
        let mut next = std::mem::take(&mut self.spare);
        next.reserve_exact(block::<T>());
        self.full.push_back(std::mem::replace(&mut self.tail, next));
    }
}

impl<T> Default for Rest<T> {
    fn default() -> Self {
        Rest {
            full: VecDeque::new(),
            tail: VecDeque::new(),
            spare: VecDeque::new(),
        }
    }
}
