//! Who waits for whom, and whether that closes a circle.
//!
//! Each process keeps the calls its handler is blocked on. A process that waits on exactly one call cannot go on before
//! that call is answered: an *edge*. With two calls or more it may (`select!`), so that counts as no edge: better to miss
//! a cycle than to invent one; deadlines catch the rest.
//!
//! **Invariant (an edge is true).** An edge P -> Q stands only while Q has P's call and has not answered it. It is entered under the
//! lock of P's reply slot, while that is unanswered, and taken away by whoever answers (or parks, or drops) the token,
//! before that party does anything else, not when P gets round to reading the answer. When P's handler is over, so are
//! its edges: a call that it keeps for later blocks nobody.
//!
//! **Invariant (what came counts).** A call of P is answered: now P waits for fewer, but it can go on until it
//! has looked at that answer and gone to sleep again. So the step that takes the edge away sets `STIRRED`, and P has no edge before
//! a poll of its body that began after that step is over. Then P looks for a cycle, as it may have stood on one unseen.
//!
//! **Invariant (a cycle is true).** The walk collects the edges round the cycle, then looks at each once more: with
//! equal keys (never reused) each edge stood from its first look to its second, so between the two rounds all stood at once. And since no process on
//! it can run, the cycle cannot resolve by itself.
//!
//! **Invariant (a cycle is seen).** Each party enters its own edge before it walks, under locks. Of the parties closing a
//! cycle the last one to enter finds all the others.

use super::handle::ProcessArc;
use super::head::{CALLING, Head, LOOKING, STIRRED};
use super::{Pid, fresh_number};
use crate::sync::planted;

/// Longer cycles are left to the deadlines.
const MAX_HOPS: usize = 64;

/// One call a process is blocked on.
#[derive(Debug)]
pub(super) struct Wait {
    key: u64,
    on: ProcessArc,
}

/// One entry in its owner's list.
pub(crate) struct Edge {
    owner: ProcessArc,
    key: u64,
}

impl Edge {
    pub(crate) fn enter(owner: ProcessArc, on: ProcessArc) -> Edge {
        let key = fresh_number();
        owner.head().raise(CALLING);
        owner.extras(|extras| extras.waits.push(Wait { key, on }));
        Edge { owner, key }
    }

    /// Takes the entry away: its owner has given the call up. What it held on to is returned, to be dropped where no lock is held.
    #[must_use]
    pub(crate) fn remove(self) -> impl Send + use<> {
        self.take_away(false)
    }

    /// Takes the entry away: the call has an answer, or another fate. As [`remove`](Self::remove).
    #[must_use]
    pub(crate) fn answered(self) -> impl Send + use<> {
        self.take_away(true)
    }

    fn take_away(self, stirs: bool) -> impl Send + use<> {
        let wait = self.owner.extras(|extras| {
            let at = extras.waits.iter().position(|w| w.key == self.key);
            let wait = at.map(|i| extras.waits.swap_remove(i));
            // Also when none is left: in the poll that goes on there P may make the next call, the answer unseen.
            if stirs && wait.is_some() && !planted("unstirred") {
                self.owner.head().raise(STIRRED);
            }
            wait
        });
        (self.owner, wait)
    }

    /// Whether the entry is there; not when it was of an earlier handler.
    pub(super) fn stands(&self) -> bool {
        let key = self.key;
        self.owner
            .look(|extras| extras.is_some_and(|e| e.waits.iter().any(|w| w.key == key)))
    }
}

/// Looks at the one call that a process waits for, if it waits for one and no more.
fn only_wait<R>(process: &ProcessArc, f: impl FnOnce(&Wait) -> R) -> Option<R> {
    process.look(|extras| match extras?.waits.as_slice() {
        // The flag is set under this lock.
        [one] if process.head().signals() & (STIRRED | LOOKING) == 0 => Some(f(one)),
        _ => None,
    })
}

fn still_waits(process: &ProcessArc, key: u64) -> bool {
    only_wait(process, |wait| wait.key == key) == Some(true)
}

/// A handler is over, and with it what it waited for.
#[inline(always)]
pub(super) fn over(head: &Head) {
    if head.signals() & CALLING != 0 {
        clear(head);
    }
}

#[cold]
fn clear(head: &Head) {
    head.lower(CALLING);
    let left = head.extras(|extras| {
        // An empty list stays for the next handler: a warm call allocates nothing.
        (!extras.waits.is_empty()).then(|| std::mem::take(&mut extras.waits))
    });
    drop(left);
}

/// A poll of the body begins; true if it looks at answers that have come since the last one.
#[inline]
pub(super) fn poll_begins(head: &Head, signals: u32) -> bool {
    let looks = signals & STIRRED != 0;
    if looks {
        // In this order, so that one of the two is always on.
        head.raise(LOOKING);
        head.lower(STIRRED);
    }
    looks
}

/// The poll is over; all that had come when it began has been looked at.
#[inline(always)]
pub(super) fn poll_ends(head: &Head, looked: bool) {
    if looked {
        look_for_cycle(head);
    }
}

#[cold]
fn look_for_cycle(head: &Head) {
    head.lower(LOOKING);
    // The call on the cycle learns of it when it is polled.
    if head.arc().as_ref().and_then(cycle).is_some() && !planted("unlooked") {
        head.wake();
    }
}

/// The processes round the cycle on which `me` stands, from `me` to `me`.
pub(crate) fn cycle(me: &ProcessArc) -> Option<Vec<ProcessArc>> {
    let look = |process: &ProcessArc| only_wait(process, |w| (w.key, w.on.clone()));
    let (mut key, mut next) = look(me).filter(|_| !planted("blind"))?;
    let mut from = me.clone();
    let mut edges: Vec<(ProcessArc, u64)> = Vec::new();
    while next.serial() != me.serial() {
        let (its_key, its_next) = look(&next)?;
        let was = std::mem::replace(&mut from, std::mem::replace(&mut next, its_next));
        edges.push((was, key));
        key = its_key;
        if edges.len() == MAX_HOPS {
            return None;
        }
    }
    edges.push((from, key));
    let stands = edges.iter().all(|(p, key)| still_waits(p, *key));
    stands.then(|| {
        edges
            .into_iter()
            .map(|(p, _)| p)
            .chain([me.clone()])
            .collect()
    })
}

/// A process on a cycle of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hop {
    /// Which process.
    pub pid: Pid,
    /// The type of its server.
    pub server: &'static str,
    /// Its name, if it has one.
    pub name: Option<crate::Name>,
}
