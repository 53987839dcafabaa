//! Which children need which, for the strategy that asks.

use super::message::Key;
use std::collections::{BTreeMap, BTreeSet};

/// Both directions of the same relation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Needs {
    needed: BTreeMap<Key, BTreeSet<Key>>,
    dependents: BTreeMap<Key, BTreeSet<Key>>,
}

impl Needs {
    pub(super) fn insert(&mut self, child: Key, needed: Key) {
        self.needed.entry(child).or_default().insert(needed);
        self.dependents.entry(needed).or_default().insert(child);
    }

    /// Forgets a child: it needs nothing, and nobody needs it.
    pub(super) fn remove(&mut self, child: Key) {
        for needed in self.needed.remove(&child).unwrap_or_default() {
            take(&mut self.dependents, needed, child);
        }
        for dependent in self.dependents.remove(&child).unwrap_or_default() {
            take(&mut self.needed, dependent, child);
        }
    }

    /// The child and all that need it, directly or through others.
    pub(super) fn affected(&self, child: Key) -> BTreeSet<Key> {
        let mut affected = BTreeSet::from([child]);
        let mut todo = vec![child];
        while let Some(next) = todo.pop() {
            for &dependent in self.dependents.get(&next).into_iter().flatten() {
                if affected.insert(dependent) {
                    todo.push(dependent);
                }
            }
        }
        affected
    }
}

fn take(map: &mut BTreeMap<Key, BTreeSet<Key>>, at: Key, child: Key) {
    if let Some(set) = map.get_mut(&at) {
        set.remove(&child);
        if set.is_empty() {
            map.remove(&at);
        }
    }
}
