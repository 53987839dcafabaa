//! The server's half of a slot: it answers, or gives up the chance to.

use super::{
    ANSWERED, CALLER_GONE, CallContext, Header, PARKED, Slot, VALUE, WAITING, drop_answered,
};
use crate::hooks::{Hook, hook};
use crate::process::waits::Edge;
use crate::process::{ExitReason, wake};
use crate::sync::atomic::Ordering::*;
use crate::sync::planted;
use std::fmt;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::Arc;

/// The server's half. It must be answered: `current::judge` decides what the answer is when its owner drops it.
pub(crate) struct Token<V> {
    pub(super) slot: NonNull<Slot<V>>,
    pub(super) owns: PhantomData<V>,
}

// SAFETY: a token or a caller's half is the only handle to its side of the slot; what crosses between the sides (value, waker, edge,
// reason) is `Send`, and crosses by release and acquire steps on `word`.
unsafe impl<V: Send> Send for Token<V> {}
// SAFETY: `&Token` only reads `word` and fields that are constant while the token lives.
unsafe impl<V: Send> Sync for Token<V> {}

/// A token whose answer can no longer be a value.
pub(crate) struct Undecided(NonNull<Header>);

// SAFETY: see `Token`; without a value only `Send` parts are left.
unsafe impl Send for Undecided {}

impl<V> Token<V> {
    fn header(&self) -> &Header {
        // SAFETY: the slot lives as long as the token's side has not answered, which takes the token.
        unsafe { &self.slot.as_ref().header }
    }

    pub(crate) fn server(&self) -> u64 {
        self.header().server.get()
    }

    pub(crate) fn context(&self) -> CallContext {
        self.header().context()
    }

    /// Whether the work need not be begun: the caller is gone.
    #[inline]
    pub(crate) fn is_abandoned(&self) -> bool {
        self.header().word.load(Relaxed) & CALLER_GONE != 0
    }

    /// Answers with a value; hands it back when nobody is there to take it.
    #[inline]
    pub(crate) fn answer(self, value: V) {
        let slot = self.slot;
        // SAFETY: the token is the only writer of the value and has not answered.
        unsafe { slot.as_ref() }
            .value
            .with_mut(|place| unsafe { (*place).write(value) });
        // SAFETY: not answered before. If it is the last owner's (acquired), its value was just written.
        unsafe {
            if !publish(slot.cast(), VALUE) {
                drop_answered(slot);
            }
        }
    }

    /// Gives the token to user code: from now on the caller watches for the server's end itself.
    pub(crate) fn park(&self) {
        hook(Hook::ReplyParking);
        let header = self.header();
        if header
            .word
            .compare_exchange(0, PARKED, AcqRel, Acquire)
            .is_ok()
        {
            return;
        }
        let Ok(word) = header.lock(CALLER_GONE) else {
            return;
        };
        // SAFETY: locked.
        let (waker, edge) = unsafe { header.take_shared() };
        let released = edge.map(Edge::answered);
        header.word.store((word | PARKED) & !WAITING, Release);
        if !planted("silent_park") {
            waker.into_iter().for_each(wake);
        }
        drop(released);
    }

    /// Gives up the chance of a value.
    pub(crate) fn into_undecided(self) -> Undecided {
        let header = self.slot.cast();
        Undecided(header)
    }
}

impl Undecided {
    /// Answers: with the reason if the server ended, else with "no reply".
    pub(crate) fn settle(self, died: Option<&ExitReason>) {
        let header = self.0;
        std::mem::forget(self);
        if let Some(reason) = died {
            let reason = Arc::new(reason.clone());
            // SAFETY: the token's side has not answered, so the slot lives.
            let slot = unsafe { header.as_ref() };
            if let Ok(word) = slot.lock(CALLER_GONE) {
                // SAFETY: locked.
                slot.shared
                    .with_mut(|shared| unsafe { (*shared).died = Some(reason) });
                slot.word.store(word, Release);
            }
        }
        // SAFETY: not answered before. If it is the last owner's (acquired), it has no value.
        unsafe {
            if !publish(header, 0) {
                (header.as_ref().free)(header);
            }
        }
    }
}

impl Drop for Undecided {
    fn drop(&mut self) {
        Undecided(self.0).settle(None);
    }
}

/// The token's last act: publishes the answer (`VALUE` or not) and wakes the caller. Returns false when the caller
/// is gone: then the slot is the token's alone.
///
/// Takes a pointer because the caller may free the slot before this returns, which no reference in an argument may live to see.
///
/// # Safety
/// The token's side has not answered.
unsafe fn publish(header: NonNull<Header>, value: u32) -> bool {
    // SAFETY: by contract, until the step that answers; not used after it.
    let slot = unsafe { header.as_ref() };
    let done = ANSWERED | value;
    hook(Hook::ReplyAnswering);
    // Nobody waits yet, as always when the server ran on the caller's own stack.
    if slot.word.compare_exchange(0, done, AcqRel, Acquire).is_ok() {
        return true;
    }
    let Ok(word) = slot.lock(CALLER_GONE) else {
        return false;
    };
    // SAFETY: locked.
    let (waker, edge) = unsafe { slot.take_shared() };
    if planted("late_edge") {
        slot.word.store((word & PARKED) | done, Release);
        waker.into_iter().for_each(wake);
        hook(Hook::ReplyAnswered);
        drop(edge.map(Edge::answered));
        return true;
    }
    // The edge first: this process may be about to block on a call of its own.
    let released = edge.map(Edge::answered);
    let order = if planted("relaxed") { Relaxed } else { Release };
    // From here on the slot is the caller's: it may be gone after this step.
    slot.word.store((word & PARKED) | done, order);
    hook(Hook::ReplyAnswered);
    if !planted("silent_answer") {
        waker.into_iter().for_each(wake);
    }
    drop(released);
    true
}

impl<V> fmt::Debug for Token<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("server", &self.server())
            .finish_non_exhaustive()
    }
}
