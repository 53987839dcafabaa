//! For which request a call is made, and until when its caller waits.

use crate::clock::{self, Instant};
use crate::process::current;
use crate::process::deadline::Deadline;
use crate::process::reply_slot::CallContext;
use std::time::Duration;

/// How long a caller waits: what it asked for, within what is left to the call being handled where it calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// `None` for ever.
    pub(crate) at: Option<Instant>,
    pub(crate) after: Duration,
}

/// Both deadlines are read from one look at the clock, and none where there is none to keep.
pub(crate) fn queued_context(timeout: Duration) -> (CallContext, Limit) {
    let outer = current::call_context();
    let request = request_of(outer);
    let now = clock::now();
    let left = outer.and_then(|o| o.deadline.at()).map(|at| {
        let left = at.saturating_sub(clock::nanos(now));
        Duration::from_nanos(left)
    });
    let after = left.map_or(timeout, |left| left.min(timeout));
    let at = now.checked_add(after);
    let deadline = at.map_or(Deadline::NEVER, Deadline::until);
    (CallContext { request, deadline }, Limit { at, after })
}

/// An inline call that answers at once never reads the clock.
#[inline]
pub(super) fn inline_context(timeout: Duration) -> CallContext {
    let outer = current::call_context();
    let outer_deadline = outer.map_or(Deadline::NEVER, |o| o.deadline);
    CallContext {
        request: request_of(outer),
        deadline: Deadline::after(timeout).within(outer_deadline),
    }
}

/// The number of the request being handled, or a fresh one.
#[inline]
pub(super) fn request_of(outer: Option<CallContext>) -> u64 {
    match outer {
        Some(outer) if outer.request != 0 => outer.request,
        _ => fresh_request(),
    }
}

/// A number for a request that came from no other. Unique in the program; drawn per thread in blocks.
#[inline]
fn fresh_request() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    const BLOCK: u64 = 1 << 16;
    static NEXT: AtomicU64 = AtomicU64::new(1);
    std::thread_local!(static MINE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });
    MINE.try_with(|mine| {
        let mut next = mine.get();
        if next % BLOCK == 0 {
            next = NEXT.fetch_add(1, Relaxed) * BLOCK;
        }
        mine.set(next + 1);
        next + 1
    })
    .unwrap_or(1)
}
