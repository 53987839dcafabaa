//! The children: a slab for those who know the key, and their order.

use super::message::{Incarnation, Key, Ticket};
use crate::process::{Restart, Shutdown};
use crate::supervisor::Backoff;
use std::collections::BTreeMap;
use std::ops::RangeBounds;
use std::time::Duration;

/// What the core has to know of a child's spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Policy {
    pub(crate) restart: Restart,
    pub(crate) shutdown: Shutdown,
    pub(crate) significant: bool,
    pub(crate) backoff: Option<Backoff>,
}

/// One child.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    pub(super) policy: Policy,
    /// Its place in the order of all children that there ever were.
    pub(super) place: u64,
    /// Of its present or last life; zero before the first.
    pub(super) incarnation: u64,
    pub(super) state: State,
    /// Whether a start of it has been successful, if only by wanting no process.
    pub(super) settled: bool,
    /// The command that wants it started.
    pub(super) request: Option<Request>,
    /// The commands that want it stopped.
    pub(super) waiters: Vec<Ticket>,
    /// The round that has to leave it stopped, because a command said so meanwhile.
    pub(super) left_out_of: u64,
    /// How often it has failed in a row.
    pub(super) failures: u32,
    /// Since when it is up, if its last start was successful.
    pub(super) up_since: Option<Duration>,
}

/// Where the process of a child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    /// There is none.
    Down,
    /// In `init`.
    Starting,
    /// Running.
    Up,
    /// Asked to end, or killed.
    Stopping(Stopping),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Stopping {
    /// Its start is to be given up.
    Aborted,
    /// It has been asked, or killed.
    Asked,
    /// It has been killed and does not yield.
    Stuck,
}

/// A command that waits for a child to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Request {
    pub(super) ticket: Ticket,
    /// It also added the child, so that a failure takes it away again.
    pub(super) added: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Place {
    Taken(Entry),
    /// Free; the number of the last incarnation is kept, so that it is never used again.
    Free(u64),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Table {
    slab: Vec<Place>,
    free: Vec<Key>,
    order: BTreeMap<u64, Key>,
    next_place: u64,
}

impl Table {
    /// Adds a child behind all others.
    pub(super) fn insert(&mut self, policy: Policy) -> Key {
        let key = self.free.pop().unwrap_or_else(|| {
            self.slab.push(Place::Free(0));
            let last = u32::try_from(self.slab.len() - 1);
            Key(last.expect("memory ends before four thousand million children"))
        });
        let slot = &mut self.slab[key.0 as usize];
        let incarnation = match slot {
            Place::Taken(entry) => entry.incarnation,
            Place::Free(last) => *last,
        };
        let place = self.next_place;
        self.next_place += 1;
        *slot = Place::Taken(Entry {
            policy,
            place,
            incarnation,
            state: State::Down,
            settled: false,
            request: None,
            waiters: Vec::new(),
            left_out_of: 0,
            failures: 0,
            up_since: None,
        });
        self.order.insert(place, key);
        key
    }

    pub(super) fn remove(&mut self, key: Key) {
        let Some(slot) = self.slab.get_mut(key.0 as usize) else {
            return;
        };
        if let Place::Taken(entry) = slot {
            self.order.remove(&entry.place);
            *slot = Place::Free(entry.incarnation);
            self.free.push(key);
        }
    }

    pub(super) fn get(&self, key: Key) -> Option<&Entry> {
        match self.slab.get(key.0 as usize)? {
            Place::Taken(entry) => Some(entry),
            Place::Free(_) => None,
        }
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Entry> {
        match self.slab.get_mut(key.0 as usize)? {
            Place::Taken(entry) => Some(entry),
            Place::Free(_) => None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// The child at this place.
    pub(super) fn at(&self, place: u64) -> Option<(Key, &Entry)> {
        let &key = self.order.get(&place)?;
        Some((key, self.get(key)?))
    }

    pub(super) fn keys(&self) -> impl DoubleEndedIterator<Item = Key> {
        self.order.values().copied()
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.keys().filter_map(|key| self.get(key))
    }

    pub(super) fn first_within(&self, places: impl RangeBounds<u64>) -> Option<(Key, &Entry)> {
        let (_, &key) = self.order.range(places).next()?;
        Some((key, self.get(key)?))
    }

    pub(super) fn last_within(&self, places: impl RangeBounds<u64>) -> Option<(Key, &Entry)> {
        let (_, &key) = self.order.range(places).next_back()?;
        Some((key, self.get(key)?))
    }
}

impl Entry {
    /// Takes down that it has failed.
    pub(super) fn fail(&mut self, now: Duration) {
        let Some(backoff) = self.policy.backoff else {
            return;
        };
        let since = self.up_since.take();
        if since.is_some_and(|since| now.saturating_sub(since) >= backoff.longest) {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
    }

    /// How long its next start has to wait.
    pub(super) fn wait(&self) -> Duration {
        match self.policy.backoff {
            Some(backoff) if self.failures > 0 => backoff.wait(self.failures),
            _ => Duration::ZERO,
        }
    }

    pub(super) fn present(&self, key: Key) -> Incarnation {
        Incarnation {
            key,
            number: self.incarnation,
        }
    }
}
