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
//! | `LOCK` | either | somebody is changing the waker or the edge; a few instructions |
//!
//! **Invariant (one answer).** `ANSWERED` and `CALLER_GONE` are each set once, by one atomic step; whoever finds the
//! other's bit owns the slot alone.
//!
//! **Invariant (the edge ends with the answer).** The caller's wait-for edge is left under `LOCK` while the slot
//! is unanswered, and whoever answers or parks takes it away before doing anything else: see `waits.rs`.

mod token;
mod waiting;

use super::deadline::Deadline;
use super::exit::ExitReason;
use super::memory;
use super::waits::Edge;
use crate::sync::atomic::{AtomicU32, Ordering::*};
use crate::sync::{PlainU64, UnsafeCell, planted, relax};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::Waker;

pub(crate) use token::{Token, Undecided};
pub(crate) use waiting::Waiting;

const ANSWERED: u32 = 1;
const VALUE: u32 = 2;
const CALLER_GONE: u32 = 4;
const PARKED: u32 = 8;
const WAITING: u32 = 16;
const LOCK: u32 = 32;

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

/// Makes the two halves of a call to `server`.
pub(crate) fn slot<V>(server: u64, context: CallContext) -> (Token<V>, Waiting<V>) {
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
