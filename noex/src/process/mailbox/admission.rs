//! The senders' side: who gets in, who waits in line, who is refused.

use super::{ASLEEP, AWAKE, DRAINED, Inner, Item, Mailbox, WakeIsMine};
use crate::hooks::{Hook, hook};
use crate::process;
use crate::process::seat::InLine;
use crate::process::signal::{Signal, Urgent};
use crate::sync::atomic::Ordering::*;
use crate::sync::planted;

#[derive(Debug)]
pub(crate) enum Refused<M> {
    Closed(M),
    Full(M),
}

/// What became of a message for which there may be no room yet.
pub(crate) enum Pushed<M> {
    Now(WakeIsMine),
    Later(InLine<M>),
}

impl<M> Mailbox<M> {
    /// Admits a message if there is room and nobody waits for room already.
    #[inline]
    pub(crate) fn push(&self, message: M) -> Result<WakeIsMine, Refused<M>> {
        let mut q = self.inner.lock();
        if planted("admission") {
            // Two steps instead of one: the door is looked at, and only then gone through.
            let closed = q.closed;
            drop(q);
            hook(Hook::AdmissionOpen);
            if closed {
                return Err(Refused::Closed(message));
            }
            q = self.inner.lock();
            q.closed = false;
        }
        hook(Hook::AdmissionOpen);
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
        let early = planted("early_fill").then(|| self.inner.lock().closed);
        hook(Hook::AdmissionFilling);
        let mut q = self.inner.lock();
        if early.unwrap_or(q.closed) {
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
        wake.into_iter().for_each(process::wake);
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

    /// Lets a sender wait, with its message or for a place alone.
    fn sit(&self, q: &mut Inner<M>, message: Option<M>) -> InLine<M> {
        self.line.store(true, Relaxed);
        q.rare().seats.sit(message)
    }

    /// Sees to it that the runner looks into the queue; under the lock.
    #[inline]
    fn rouse(&self) -> WakeIsMine {
        let asleep = match self.runner.load(Relaxed) {
            AWAKE => return false,
            // All other writes are under the lock.
            ASLEEP => true,
            _ => {
                hook(Hook::AdmissionRousing);
                let step = self
                    .runner
                    .compare_exchange(DRAINED, AWAKE, AcqRel, Acquire);
                if planted("two_steps") {
                    self.runner.store(AWAKE, Release);
                    return false;
                }
                match step {
                    Ok(_) => return false,
                    // It fell asleep just now.
                    Err(_) => true,
                }
            }
        };
        self.runner.store(AWAKE, Release);
        asleep
    }
}
