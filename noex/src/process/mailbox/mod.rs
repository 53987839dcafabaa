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

mod admission;
mod runner;

use super::queue::Queue;
use super::seat::Line;
use super::signal::{Signal, Urgent};
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::*};
use std::collections::VecDeque;
use std::task::Waker;

pub(crate) use admission::{Pushed, Refused};
pub(crate) use runner::{Inbox, Next};

#[derive(Debug)]
pub(crate) enum Item<M> {
    User(M),
    /// Ordered with user messages, exempt from the bound.
    Signal(Signal),
}

/// The owner of a `true` must see to it that the process runs.
pub(crate) type WakeIsMine = bool;

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

    #[inline]
    fn room(&self, q: &Inner<M>) -> u32 {
        if self.capacity == u32::MAX {
            return self.capacity;
        }
        let waiting = q.users.saturating_add(self.taken.load(Relaxed));
        self.capacity.saturating_sub(waiting)
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
