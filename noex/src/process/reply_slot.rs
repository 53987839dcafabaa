//! One answer to one call.
//!
//! A slot is shared by two owners, each alone on its side: the *token* (in the message, later with the handler) and
//! the *caller's half* (in the call's future). There is no reference count: one word says who is left, and the one who
//! is left frees. Freed slots are kept per thread, so a warm call allocates nothing.
//!
//! | bit | set by | meaning |
//! |---|---|---|
//! | `ANSWERED` | token | the answer is there (`VALUE`: as a value); the token's side never looks again |
//! | `CALLER_GONE` | caller | nobody will take the answer; the caller's side never looks again |
//! | `PARKED` | token | the token was given to user code: the caller must watch the server's end itself |
//! | `WAITING` | caller | a waker, and perhaps a wait-for edge, has been left |
//! | `DETACHED` | caller | gone, but the work is wanted all the same |
//! | `LOCK` | either | somebody is changing the waker or the edge; a few instructions |
//!
//! **Invariant (one answer).** `ANSWERED` and `CALLER_GONE` are each set once, by one atomic step; whoever finds the
//! other's bit owns the slot alone.
//!
//! **Invariant (the edge ends with the answer).** The caller's wait-for edge is left under `LOCK` while the slot
//! is unanswered, and whoever answers or parks takes it away before doing anything else: see `waits.rs`.

use super::deadline::Deadline;
use super::exit::ExitReason;
use super::memory;
use super::waits::Edge;
use crate::sync::atomic::{AtomicU32, Ordering::*};
use crate::sync::{PlainU64, UnsafeCell, planted, relax};
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::Waker;

const ANSWERED: u32 = 1;
const VALUE: u32 = 2;
const CALLER_GONE: u32 = 4;
const PARKED: u32 = 8;
const WAITING: u32 = 16;
const DETACHED: u32 = 32;
const LOCK: u32 = 64;

/// What a caller finds when its call is over.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer<V> {
    Value(V),
    /// The token was dropped and the server lives.
    NoReply,
    /// The server ended, or is ending.
    Died(ExitReason),
}

/// The context of a call: travels in its slot, so that casts carry none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CallContext {
    pub(crate) request: u64,
    pub(crate) deadline: Deadline,
}

/// The part of a slot that does not depend on the type of the answer.
pub(crate) struct Header {
    word: AtomicU32,
    /// Serial number of the server called. This and the context are the caller's until it sends the message.
    server: PlainU64,
    request: PlainU64,
    deadline: PlainU64,
    shared: UnsafeCell<Shared>,
    /// Frees a slot whose value is not there.
    free: unsafe fn(NonNull<Header>),
}

/// Guarded by `LOCK` while both owners live, then the last owner's alone.
struct Shared {
    waker: Option<Waker>,
    edge: Option<Edge>,
    died: Option<Arc<ExitReason>>,
}

#[repr(C)]
struct Slot<V> {
    /// First, so that a pointer to the slot is a pointer to its header.
    header: Header,
    /// Written by the token before `ANSWERED|VALUE`, read by the last owner after it.
    value: UnsafeCell<MaybeUninit<V>>,
}

/// The server's half. It must be answered: see [`Token::judge`] for what its owner does when it is dropped.
pub(crate) struct Token<V> {
    slot: NonNull<Slot<V>>,
    owns: PhantomData<V>,
}

/// The caller's half.
pub(crate) struct Waiting<V> {
    slot: NonNull<Slot<V>>,
    owns: PhantomData<V>,
}

// SAFETY: a token or a caller's half is the only handle to its side of the slot; what crosses between the sides (value, waker, edge,
// reason) is `Send`, and crosses by release and acquire steps on `word`.
unsafe impl<V: Send> Send for Token<V> {}
// SAFETY: `&Token` only reads `word` and fields that are constant while the token lives.
unsafe impl<V: Send> Sync for Token<V> {}
// SAFETY: as for `Token`.
unsafe impl<V: Send> Send for Waiting<V> {}
// SAFETY: `&Waiting` gives access to nothing but constants.
unsafe impl<V: Send> Sync for Waiting<V> {}

/// A token whose answer can no longer be a value.
pub(crate) struct Undecided(NonNull<Header>);

// SAFETY: see `Token`; without a value only `Send` parts are left.
unsafe impl Send for Undecided {}

/// Makes the two halves of a call to `server`.
pub(crate) fn slot<V: Send>(server: u64, context: CallContext) -> (Token<V>, Waiting<V>) {
    let slot = memory::take::<Slot<V>>();
    // SAFETY: fresh memory of the size and alignment of `Slot<V>`, in nobody else's hands.
    unsafe {
        slot.write(Slot {
            header: Header {
                word: AtomicU32::new(0),
                server: PlainU64::new(server),
                request: PlainU64::new(context.request),
                deadline: PlainU64::new(context.deadline.to_bits()),
                shared: UnsafeCell::new(Shared {
                    waker: None,
                    edge: None,
                    died: None,
                }),
                free: free::<V>,
            },
            value: UnsafeCell::new(MaybeUninit::uninit()),
        });
    }
    let owns = PhantomData;
    (Token { slot, owns }, Waiting { slot, owns })
}

/// Frees a slot whose value is not there (any more).
///
/// # Safety
/// The caller is the last owner of a slot made by `slot::<V>`.
unsafe fn free<V>(header: NonNull<Header>) {
    let slot = header.cast::<Slot<V>>();
    // SAFETY: last owner, so nobody looks at it again; `Slot<V>` has no drop glue beyond its header's parts.
    unsafe {
        slot.drop_in_place();
        memory::give_back::<Slot<V>>(slot);
    }
}

impl Header {
    /// Gets `LOCK`, or the word that made it pointless because it has a bit of `unless`.
    fn lock(&self, unless: u32) -> Result<u32, u32> {
        let mut turn = 0;
        let mut word = self.word.load(Acquire);
        loop {
            if word & unless != 0 {
                return Err(word);
            }
            if word & LOCK != 0 && !planted("slot_lock") {
                relax(&mut turn);
                word = self.word.load(Acquire);
                continue;
            }
            match self
                .word
                .compare_exchange(word, word | LOCK, Acquire, Acquire)
            {
                Ok(_) => return Ok(word),
                Err(now) => word = now,
            }
        }
    }

    /// Takes out what the caller has left.
    ///
    /// # Safety
    /// Under `LOCK`.
    unsafe fn take_shared(&self) -> (Option<Waker>, Option<Edge>) {
        self.shared.with_mut(|shared| {
            // SAFETY: by contract.
            let shared = unsafe { &mut *shared };
            (shared.waker.take(), shared.edge.take())
        })
    }

    fn context(&self) -> CallContext {
        CallContext {
            request: self.request.get(),
            deadline: Deadline::from_bits(self.deadline.get()),
        }
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
        waker.into_iter().for_each(super::wake);
        drop(edge.map(Edge::answered));
        return true;
    }
    // The edge first: this process may be about to block on a call of its own.
    let released = edge.map(Edge::answered);
    let order = if planted("relaxed") { Relaxed } else { Release };
    // From here on the slot is the caller's: it may be gone after this step.
    slot.word.store((word & PARKED) | done, order);
    if !planted("silent_answer") {
        waker.into_iter().for_each(super::wake);
    }
    drop(released);
    true
}

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

    /// Whether the work need not be begun: the caller is gone and did not say that it wants it all the same.
    #[inline]
    pub(crate) fn is_abandoned(&self) -> bool {
        self.header().word.load(Relaxed) & (CALLER_GONE | DETACHED) == CALLER_GONE
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
            waker.into_iter().for_each(super::wake);
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

/// # Safety
/// The slot has no other owner and its value has been written.
unsafe fn drop_answered<V>(slot: NonNull<Slot<V>>) {
    // SAFETY: by contract. The value's drop may panic: the memory has been given back by then.
    unsafe {
        let value = slot
            .as_ref()
            .value
            .with_mut(|place| (*place).assume_init_read());
        free::<V>(slot.cast());
        drop(value);
    }
}

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
        let Ok(word) = header.lock(ANSWERED) else {
            return Ok(());
        };
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

    /// Leaves although the work is wanted.
    pub(crate) fn detach(self) {
        if planted("detached") {
            self.header().word.fetch_or(DETACHED, Relaxed);
            return;
        }
        let slot = self.slot;
        std::mem::forget(self);
        // SAFETY: this half is not used again.
        unsafe { leave(slot, CALLER_GONE | DETACHED) };
    }
}

impl<V> Drop for Waiting<V> {
    fn drop(&mut self) {
        // SAFETY: this half is not used again.
        unsafe { leave(self.slot, CALLER_GONE) };
    }
}

/// The caller's last act; frees the slot if the token's side is over.
///
/// # Safety
/// The caller's side has not left.
unsafe fn leave<V>(slot: NonNull<Slot<V>>, gone: u32) {
    // SAFETY: by contract, until the step that leaves; not used after it.
    let header = unsafe { &slot.as_ref().header };
    let word = match header.lock(ANSWERED) {
        Ok(word) => word,
        // SAFETY: answered (acquired), so the slot is ours alone.
        Err(word) if word & VALUE != 0 => return unsafe { drop_answered(slot) },
        // SAFETY: as above, and without a value.
        Err(_) => return unsafe { free::<V>(slot.cast()) },
    };
    // SAFETY: locked.
    let (waker, edge) = unsafe { header.take_shared() };
    let released = edge.map(Edge::remove);
    let gone = if planted("unseen_leaving") { 0 } else { gone };
    // From here on the slot is the token's: it may be gone after this step.
    header.word.store((word & !WAITING) | gone, Release);
    drop((waker, released));
}

impl<V> fmt::Debug for Token<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("server", &self.server())
            .finish_non_exhaustive()
    }
}

impl<V> fmt::Debug for Waiting<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}
