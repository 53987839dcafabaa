//! Who may run the process right now, and how nobody's reason to run it gets lost.
//!
//! One word decides, so there is one modification order and no pair of flags whose relative order must be argued about:
//!
//! | word | meaning |
//! |---|---|
//! | `0` | nobody runs the process |
//! | `HELD` | one party runs it |
//! | `HELD+MISSED` | meanwhile its carrier came by |
//! | `..+ORPHAN` | the carrier is gone for good |
//!
//! **Invariant (no missed wake-up).** A carrier that fails to enter leaves `MISSED` in the same atomic step that saw
//! `HELD`. The holder leaves in one step that also reads `MISSED`. So either the failing step came first, and the
//! holder wakes the carrier again, or it came after, and then it did not fail. What made the carrier run (a
//! message, a ready socket, the kill flag) was written before its step, which releases; the
//! leaving step acquires: whoever is woken by the holder sees it. Callers leave no note: one that fails to enter queues its message,
//! and the queue's own wake-up does the rest.

use crate::hooks::{Hook, hook};
use crate::sync::atomic::{AtomicU32, Ordering::*};
use crate::sync::{UnsafeCell, planted};

const HELD: u32 = 1;
const MISSED: u32 = 2;
const ORPHAN: u32 = 4;

/// A value that one party at a time may use.
#[derive(Debug)]
pub(crate) struct RunLock<T> {
    word: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached only through `Held::with` (by `&mut Held`). There is at most one `Held` at a time: it is made by the step that
// turns `HELD` on from a word without it, and `HELD` goes off only when `leave` consumes it. Both steps are AcqRel on one
// word, so each holder sees what the one before it wrote. Sharing the lock therefore only ever
// sends the value from thread to thread: `T: Send` is enough.
unsafe impl<T: Send> Sync for RunLock<T> {}

/// What the holder learns when it lets go.
pub(crate) enum Left<'a, T> {
    /// Nobody came by.
    Clean,
    /// The carrier came by: it must be woken once more.
    Missed,
    /// The carrier is gone. The lock is still held, and for ever: the holder must bury the process.
    Orphaned(Held<'a, T>),
}

pub(crate) struct Held<'a, T>(&'a RunLock<T>);

impl<T> RunLock<T> {
    pub(crate) fn new(value: T) -> Self {
        RunLock {
            word: AtomicU32::new(0),
            value: UnsafeCell::new(value),
        }
    }

    /// Enters if nobody is inside; a caller's way in. Leaves no trace otherwise.
    #[inline]
    pub(crate) fn try_enter(&self) -> Option<Held<'_, T>> {
        if planted("two_holders") {
            if self.word.load(Acquire) != 0 {
                return None;
            }
            hook(Hook::RunEntering);
            self.word.store(HELD, Release);
            return Some(Held(self));
        }
        hook(Hook::RunEntering);
        self.word
            .compare_exchange(0, HELD, AcqRel, Relaxed)
            .is_ok()
            .then_some(Held(self))
    }

    /// Whether somebody is inside just now.
    pub(crate) fn is_held(&self) -> bool {
        self.word.load(Relaxed) & HELD != 0
    }

    /// Enters, or leaves a note for the holder; the carrier's way in.
    pub(crate) fn enter_or_note(&self) -> Option<Held<'_, T>> {
        self.step(MISSED)
    }

    /// The carrier's last act: takes the lock for ever, or leaves that to the holder.
    pub(crate) fn orphan(&self) -> Option<Held<'_, T>> {
        self.step(ORPHAN)
    }

    fn step(&self, note: u32) -> Option<Held<'_, T>> {
        let mut word = self.word.load(Relaxed);
        hook(Hook::RunNoting);
        if planted("late_note") && word & HELD != 0 {
            self.word.fetch_or(note, AcqRel);
            return None;
        }
        loop {
            let free = word & (HELD | ORPHAN) == 0;
            let next = if free { HELD } else { word | note };
            match self.word.compare_exchange(word, next, AcqRel, Relaxed) {
                Ok(_) => return free.then_some(Held(self)),
                Err(now) => word = now,
            }
        }
    }
}

impl<'a, T> Held<'a, T> {
    /// Uses the value.
    pub(crate) fn with<R>(&mut self, f: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: see `Sync` above; the reference does not outlive the closure.
        self.0.value.with_mut(|value| f(unsafe { &mut *value }))
    }

    /// Lets go, unless the carrier has gone meanwhile.
    #[inline]
    pub(crate) fn leave(self) -> Left<'a, T> {
        hook(Hook::RunLeaving);
        let mut word = HELD;
        loop {
            match self.0.word.compare_exchange(word, 0, AcqRel, Relaxed) {
                Ok(_) if planted("wakeup") => return Left::Clean,
                Ok(HELD) => return Left::Clean,
                Ok(_) => return Left::Missed,
                Err(now) if now & ORPHAN != 0 => return Left::Orphaned(self),
                Err(now) => word = now,
            }
        }
    }
}
