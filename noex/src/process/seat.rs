//! The line before a full mailbox. A message waits in its seat, not in its sender.
//!
//! Locks nest mailbox, then seat.

use crate::hooks::{Hook, hook};
use crate::sync::{Mutex, planted};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

#[derive(Debug)]
struct Seat<M>(Mutex<Sitting<M>>);

#[derive(Debug)]
enum Sitting<M> {
    /// With a message, or for a place alone.
    Waiting(Option<M>, Option<Waker>),
    Admitted,
    Bounced(Option<M>),
    Left,
}

/// Those who wait for room, in the order of their coming.
#[derive(Debug)]
pub(crate) struct Line<M> {
    seats: VecDeque<Arc<Seat<M>>>,
    /// At this length, seats whose senders have left are swept out.
    sweep_at: usize,
}

const FIRST_SWEEP: usize = 32;

impl<M> Default for Line<M> {
    fn default() -> Self {
        Line {
            seats: VecDeque::new(),
            sweep_at: FIRST_SWEEP,
        }
    }
}

impl<M> Line<M> {
    pub(crate) fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    pub(crate) fn sit(&mut self, message: Option<M>) -> InLine<M> {
        if self.seats.len() >= self.sweep_at {
            self.seats.retain(|seat| !seat.is_left());
            self.sweep_at = FIRST_SWEEP.max(2 * self.seats.len());
        }
        let seat = Arc::new(Seat(Mutex::new(Sitting::Waiting(message, None))));
        self.seats.push_back(seat.clone());
        InLine { seat }
    }

    /// Takes the first that still waits out of the line.
    pub(crate) fn admit(&mut self) -> Option<(Option<M>, Option<Waker>)> {
        while let Some(seat) = self.seats.pop_front() {
            let mut sitting = seat.0.lock();
            if let Sitting::Waiting(message, waker) = &mut *sitting {
                let admitted = (message.take(), waker.take());
                *sitting = Sitting::Admitted;
                return Some(admitted);
            }
        }
        None
    }

    /// Hands every message back to its sender.
    pub(crate) fn bounce(self) {
        for seat in self.seats {
            let mut sitting = seat.0.lock();
            if let Sitting::Waiting(message, waker) = &mut *sitting {
                let (message, waker) = (message.take(), waker.take());
                *sitting = Sitting::Bounced(message);
                drop(sitting);
                if planted("bounce") {
                    continue;
                }
                waker.into_iter().for_each(super::wake);
            }
        }
    }
}

impl<M> Seat<M> {
    fn is_admitted(&self) -> bool {
        matches!(*self.0.lock(), Sitting::Admitted)
    }

    fn is_left(&self) -> bool {
        matches!(*self.0.lock(), Sitting::Left)
    }
}

/// Ready when the message has been admitted or handed back. Dropping it gives up the place in the line, and with it the message.
#[derive(Debug)]
pub(crate) struct InLine<M> {
    seat: Arc<Seat<M>>,
}

impl<M> InLine<M> {
    /// Gives up the place. True if room was granted that nobody has collected; one step, or it could be granted in between.
    pub(crate) fn leave(&self) -> bool {
        let early = planted("early_look").then(|| self.seat.is_admitted());
        hook(Hook::LineLeaving);
        let mut sitting = self.seat.0.lock();
        if planted("place") {
            return matches!(*sitting, Sitting::Admitted);
        }
        let left = std::mem::replace(&mut *sitting, Sitting::Left);
        // The message may run code when dropped: not under the lock.
        drop(sitting);
        early.unwrap_or(matches!(left, Sitting::Admitted))
    }
}

impl<M> Future for InLine<M> {
    type Output = Result<(), Option<M>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Wakers may run code when cloned or dropped: not under the lock.
        let mut mine = Some(cx.waker().clone());
        let early = planted("early_look") && !self.seat.is_admitted();
        hook(Hook::LineWaiting);
        let mut sitting = self.seat.0.lock();
        match &mut *sitting {
            Sitting::Waiting(_, waker) => {
                if !waker.as_ref().is_some_and(|w| w.will_wake(cx.waker())) {
                    std::mem::swap(waker, &mut mine);
                }
                drop(sitting);
                drop(mine);
                Poll::Pending
            }
            Sitting::Admitted if early => Poll::Pending,
            _ => Poll::Ready(match std::mem::replace(&mut *sitting, Sitting::Left) {
                Sitting::Bounced(message) => Err(message),
                _ => Ok(()),
            }),
        }
    }
}

impl<M> Drop for InLine<M> {
    fn drop(&mut self) {
        self.leave();
    }
}
