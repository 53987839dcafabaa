//! Who waits for whom, and whether that closes a circle.
//!
//! Each process keeps the calls its handler is blocked on. A process that waits on exactly one call cannot go on before
//! that call is answered: an *edge*. With two calls or more it may (`select!`), so that counts as no edge: better to miss
//! a cycle than to invent one; deadlines catch the rest.
//!
//! **Invariant (an edge is true).** An edge P -> Q stands only while Q has P's call and has not answered it. It is entered under the
//! lock of P's reply slot, while that is unanswered, and taken away by whoever answers (or parks, or drops) the token,
//! before that party does anything else, not when P gets round to reading the answer.
//!
//! **Invariant (a cycle is true).** The walk collects the edges round the cycle, then looks at each once more: with
//! equal keys (never reused) each edge stood from its first look to its second, so between the two rounds all stood at once. And since no process on
//! it can run, the cycle cannot resolve by itself.
//!
//! **Invariant (a cycle is seen).** Each party enters its own edge before it walks, under locks. Of the parties closing a
//! cycle the last one to enter finds all the others.

use super::handle::ProcessArc;
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
        owner.extras(|extras| extras.waits.push(Wait { key, on }));
        Edge { owner, key }
    }

    /// Takes the entry away. What it held on to is returned, to be dropped where no lock is held.
    #[must_use]
    pub(crate) fn remove(self) -> impl Send + use<> {
        let wait = self.owner.extras(|extras| {
            let at = extras.waits.iter().position(|w| w.key == self.key);
            at.map(|i| extras.waits.swap_remove(i))
        });
        (self.owner, wait)
    }
}

fn only_wait(process: &ProcessArc) -> Option<(u64, ProcessArc)> {
    process.look(|extras| match extras?.waits.as_slice() {
        [one] => Some((one.key, one.on.clone())),
        _ => None,
    })
}

fn still_waits(process: &ProcessArc, key: u64) -> bool {
    process.look(|extras| {
        extras.is_some_and(|e| matches!(e.waits.as_slice(), [one] if one.key == key))
    })
}

/// The processes round the cycle on which `me` stands, from `me` to `me`.
pub(crate) fn cycle(me: &ProcessArc) -> Option<Vec<ProcessArc>> {
    let (mut key, mut next) = only_wait(me).filter(|_| !planted("blind"))?;
    let mut from = me.clone();
    let mut edges: Vec<(ProcessArc, u64)> = Vec::new();
    while next.serial() != me.serial() {
        let (its_key, its_next) = only_wait(&next)?;
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
