//! The caller's half of a slot: it looks for the answer, takes it, or leaves.

use super::{
    ANSWERED, Answer, CALLER_GONE, CallContext, Header, PARKED, Slot, VALUE, WAITING,
    drop_answered, free,
};
use crate::hooks::{Hook, hook};
use crate::process::waits::Edge;
use crate::sync::atomic::Ordering::*;
use crate::sync::planted;
use std::fmt;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::Waker;

/// The caller's half.
pub(crate) struct Waiting<V> {
    pub(super) slot: NonNull<Slot<V>>,
    pub(super) owns: PhantomData<V>,
}

// SAFETY: as for `Token`.
unsafe impl<V: Send> Send for Waiting<V> {}
// SAFETY: `&Waiting` gives access to nothing but constants.
unsafe impl<V: Send> Sync for Waiting<V> {}

/// What a look at an unanswered slot tells.
#[derive(Debug, PartialEq)]
pub(crate) struct Unanswered {
    pub(crate) parked: bool,
}

impl<V> Waiting<V> {
    fn header(&self) -> &Header {
        // SAFETY: the slot lives as long as the caller's side has not left, which takes this half.
        unsafe { &self.slot.as_ref().header }
    }

    /// Sets the context; only before the message is sent.
    pub(crate) fn set_context(&mut self, context: CallContext, server: u64) {
        let header = self.header();
        header.request.set(context.request);
        header.deadline.set(context.deadline.to_bits());
        header.server.set(server);
    }

    #[inline]
    pub(crate) fn is_answered(&self) -> bool {
        self.header().word.load(Acquire) & ANSWERED != 0
    }

    /// Takes the answer; only when it is there.
    #[inline]
    pub(crate) fn take(self) -> Answer<V> {
        let slot = self.slot;
        std::mem::forget(self);
        // SAFETY: `ANSWERED` was acquired, so the slot is ours alone.
        let slot_ref = unsafe { slot.as_ref() };
        let word = slot_ref.header.word.load(Acquire);
        debug_assert!(word & ANSWERED != 0);
        let answer = if word & VALUE != 0 {
            // SAFETY: `VALUE` says that it was written; it is read once.
            Answer::Value(
                slot_ref
                    .value
                    .with_mut(|place| unsafe { (*place).assume_init_read() }),
            )
        } else {
            let died = slot_ref
                .header
                .shared
                // SAFETY: alone.
                .with_mut(|shared| unsafe { (*shared).died.take() });
            died.map_or(Answer::NoReply, |reason| {
                Answer::Died(Arc::unwrap_or_clone(reason))
            })
        };
        // SAFETY: ours alone, the value has been moved out.
        unsafe { free::<V>(slot.cast()) };
        answer
    }

    /// Looks for the answer, or leaves a waker. `edge` is asked for once, while the answer is surely not there.
    pub(crate) fn poll(
        &mut self,
        waker: &Waker,
        edge: impl FnOnce() -> Option<Edge>,
    ) -> Result<(), Unanswered> {
        // Cloned before the lock: it is user code.
        let mut mine = Some(waker.clone());
        let header = self.header();
        let mut edge = Some(edge);
        let mut stale = None;
        let mut early = planted("stale_edge")
            .then(|| edge.take())
            .flatten()
            .and_then(|e| e());
        hook(Hook::ReplyAsking);
        let Ok(word) = header.lock(unless_answered("early_look")) else {
            return Ok(());
        };
        hook(Hook::ReplyLocked);
        header.shared.with_mut(|shared| {
            // SAFETY: under `LOCK`.
            let shared = unsafe { &mut *shared };
            if !shared.waker.as_ref().is_some_and(|w| w.will_wake(waker)) {
                mine = std::mem::replace(&mut shared.waker, mine.take());
            }
            if word & PARKED == 0 && !shared.edge.as_ref().is_some_and(Edge::stands) {
                let edge = edge.take().map_or_else(|| early.take(), |edge| edge());
                stale = std::mem::replace(&mut shared.edge, edge);
            }
        });
        header.word.store(word | WAITING, Release);
        drop((mine, stale));
        Err(Unanswered {
            parked: word & PARKED != 0,
        })
    }
}

impl<V> Drop for Waiting<V> {
    fn drop(&mut self) {
        // SAFETY: this half is not used again.
        unsafe { leave(self.slot) };
    }
}

/// The bit that makes the lock pointless, unless this bug is planted.
fn unless_answered(bug: &str) -> u32 {
    if planted(bug) { 0 } else { ANSWERED }
}

/// The caller's last act; frees the slot if the token's side is over.
///
/// # Safety
/// The caller's side has not left.
unsafe fn leave<V>(slot: NonNull<Slot<V>>) {
    // SAFETY: by contract, until the step that leaves; not used after it.
    let header = unsafe { &slot.as_ref().header };
    hook(Hook::ReplyLeaving);
    let word = match header.lock(unless_answered("blind_leaving")) {
        Ok(word) => word,
        // SAFETY: answered (acquired), so the slot is ours alone.
        Err(word) if word & VALUE != 0 => return unsafe { drop_answered(slot) },
        // SAFETY: as above, and without a value.
        Err(_) => return unsafe { free::<V>(slot.cast()) },
    };
    // SAFETY: locked.
    let (waker, edge) = unsafe { header.take_shared() };
    let released = edge.map(Edge::remove);
    let gone = if planted("unseen_leaving") {
        0
    } else {
        CALLER_GONE
    };
    // From here on the slot is the token's: it may be gone after this step.
    header.word.store((word & !WAITING) | gone, Release);
    drop((waker, released));
}

impl<V> fmt::Debug for Waiting<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}
