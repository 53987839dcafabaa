//! A list by key: a plain one while it is short, as nearly all are, with an index when it is long.

use crate::random;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::Hash;

/// Looking through so many is as fast as an index.
const SHORT: usize = 32;

#[derive(Debug)]
pub(super) struct Roll<K, T> {
    /// Often the only one, and then nothing is allocated.
    first: Option<(K, T)>,
    others: Vec<(K, T)>,
    /// Where each of the others is, while they are many.
    #[allow(
        clippy::box_collection,
        reason = "a short list, as nearly all are, pays one word for it"
    )]
    index: Option<Box<HashMap<K, usize, FixedState>>>,
}

impl<K: Copy + Eq + Hash, T> Roll<K, T> {
    /// Adds an entry, or replaces the one of this key, which is handed out.
    pub(super) fn insert(&mut self, key: K, value: T) -> Option<T> {
        if let Some(old) = self.get_mut(key) {
            return Some(std::mem::replace(old, value));
        }
        if self.first.is_none() {
            self.first = Some((key, value));
            return None;
        }
        self.others.push((key, value));
        let last = self.others.len() - 1;
        match &mut self.index {
            Some(index) => {
                index.insert(key, last);
            }
            None if last >= SHORT => self.make_index(),
            None => {}
        }
        None
    }

    /// Takes the entry of this key out. The last one takes its place.
    pub(super) fn remove(&mut self, key: K) -> Option<T> {
        if let Some((_, value)) = self.first.take_if(|(first, _)| *first == key) {
            return Some(value);
        }
        let at = self.position(key)?;
        let (_, value) = self.others.swap_remove(at);
        if let Some(index) = &mut self.index {
            index.remove(&key);
            if let Some((moved, _)) = self.others.get(at) {
                index.insert(*moved, at);
            }
        }
        if self.others.len() < SHORT / 2 {
            self.index = None;
        }
        Some(value)
    }

    pub(super) fn get(&self, key: K) -> Option<&T> {
        match &self.first {
            Some((first, value)) if *first == key => Some(value),
            _ => self.position(key).map(|at| &self.others[at].1),
        }
    }

    fn get_mut(&mut self, key: K) -> Option<&mut T> {
        if self.first.as_ref().is_some_and(|(first, _)| *first == key) {
            return self.first.as_mut().map(|(_, value)| value);
        }
        let at = self.position(key)?;
        Some(&mut self.others[at].1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(K, T)> {
        self.first.iter().chain(&self.others)
    }

    /// Where among the others.
    fn position(&self, key: K) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(&key).copied(),
            None => self.others.iter().position(|(k, _)| *k == key),
        }
    }

    #[cold]
    fn make_index(&mut self) {
        let mut index = HashMap::with_capacity_and_hasher(2 * SHORT, random::hasher());
        let places = self.others.iter().enumerate();
        index.extend(places.map(|(at, (key, _))| (*key, at)));
        self.index = Some(Box::new(index));
    }
}

impl<K, T> Default for Roll<K, T> {
    fn default() -> Self {
        Roll {
            first: None,
            others: Vec::new(),
            index: None,
        }
    }
}

impl<K, T> IntoIterator for Roll<K, T> {
    type Item = (K, T);
    type IntoIter = std::iter::Chain<std::option::IntoIter<(K, T)>, std::vec::IntoIter<(K, T)>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.others)
    }
}

#[cfg(all(test, not(noex_loom)))]
mod tests {
    use super::*;

    /// Against a map, while the list grows long and short again.
    #[test]
    fn it_agrees_with_a_map() {
        let mut roll = Roll::default();
        let mut map = std::collections::BTreeMap::new();
        for step in 0..4_000_u64 {
            let key = step * 7_919 % 97;
            let grows = step / 500 % 2 == 0;
            if step % 3 == 0 || grows && step % 5 != 0 {
                assert_eq!(roll.insert(key, step), map.insert(key, step));
            } else {
                assert_eq!(roll.remove(key), map.remove(&key));
            }
            assert_eq!(roll.get(key), map.get(&key));
        }
        let mut left: Vec<_> = roll.into_iter().collect();
        left.sort_unstable();
        assert_eq!(left, map.into_iter().collect::<Vec<_>>());
    }
}
