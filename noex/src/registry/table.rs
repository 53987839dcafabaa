//! What a keyed registry holds.
//!
//! Locks nest process, table, feed. Under them nothing of a user's runs but the comparison of keys: keys are cloned before, values and
//! keys are dropped behind, and listeners are told when no lock is held.

use super::entry::Entry;
use super::listen::{Feed, RegistryEventKind};
use crate::error::RegisterError;
use crate::process::{Claim, Keyed, ProcessArc, contain};
use crate::random;
use foldhash::fast::FixedState;
use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::iter;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(super) struct Table<K, V> {
    rows: RwLock<Rows<K, V>>,
    unique: bool,
    pub(super) feed: Feed<K, V>,
}

struct Rows<K, V> {
    keys: HashMap<K, Row<K, V>, FixedState>,
    /// The entries of each process, in the order of their coming.
    owners: HashMap<u64, VecDeque<Entry<K, V>>, FixedState>,
    /// The number of the last entry.
    last: u64,
    count: usize,
}

/// The entries of one key, in the order of their coming.
struct Row<K, V> {
    first: Entry<K, V>,
    more: VecDeque<Entry<K, V>>,
}

/// What has been taken out: an entry, and the key of its row if that is empty now.
type Removed<K, V> = (Entry<K, V>, Option<K>);

impl<K, V> Table<K, V> {
    pub(super) fn new(unique: bool) -> Arc<Self> {
        Arc::new(Table {
            rows: RwLock::new(Rows {
                keys: HashMap::with_hasher(random::hasher()),
                owners: HashMap::with_hasher(random::hasher()),
                last: 0,
                count: 0,
            }),
            unique,
            feed: Feed::default(),
        })
    }
}

impl<K, V> Table<K, V>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    pub(super) fn insert(
        self: &Arc<Self>,
        owner: &ProcessArc,
        key: K,
        value: V,
    ) -> Result<(), RegisterError> {
        // What comes of these is dropped when the locks are let go.
        let mut place = Some(key.clone());
        let mut given = Some((key, value));
        let claimed = owner.claim(|claims| {
            let mut rows = self.write();
            let taken = place.as_ref().and_then(|key| rows.keys.get(key));
            if let Some(taken) = taken.filter(|_| self.unique) {
                return Err(RegisterError::AlreadyRegistered(taken.first.pid()));
            }
            if let Some((key, value)) = given.take() {
                let entry = rows.add(owner, key, value, &mut place);
                self.feed.push(RegistryEventKind::Register, &entry);
            }
            if !claims.iter().any(|claim| self.is(claim)) {
                claims.push(Claim::Keys(self.clone()));
            }
            Ok(())
        });
        self.feed.deliver();
        claimed.unwrap_or(Err(RegisterError::NotRunning))
    }

    fn is(&self, claim: &Claim) -> bool {
        matches!(claim, Claim::Keys(keys) if std::ptr::addr_eq(Arc::as_ptr(keys), self))
    }

    /// Takes out at most so many entries that the process has under this key. How many there were.
    pub(super) fn remove<Q>(&self, owner: u64, key: &Q, most: usize) -> usize
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut rows = self.write();
        let found: Vec<_> = rows.of_owner(owner, key).take(most).cloned().collect();
        let removed: Vec<_> = found
            .iter()
            .filter_map(|entry| {
                rows.disown(entry);
                self.take_out(&mut rows, entry)
            })
            .collect();
        drop(rows);
        self.feed.deliver();
        removed.len()
    }

    fn take_out(&self, rows: &mut Rows<K, V>, entry: &Entry<K, V>) -> Option<Removed<K, V>> {
        let removed = rows.take_out(entry)?;
        self.feed.push(RegistryEventKind::Unregister, entry);
        Some(removed)
    }

    /// Puts another value in the place of an entry. `None` when that is there no more.
    pub(super) fn replace(&self, entry: &Entry<K, V>, value: V) -> Option<Entry<K, V>> {
        let owner = entry.owner().clone();
        let new = Entry::new(entry.number(), entry.key().clone(), value, owner);
        let mut rows = self.write();
        let row = rows.keys.get_mut(new.key())?;
        let same = row.iter_mut().find(|e| e.number() == new.number())?;
        let old = std::mem::replace(same, new.clone());
        let owned = rows.owners.get_mut(&new.owner().serial())?;
        let at = position(owned, &new)?;
        let old_too = std::mem::replace(&mut owned[at], new.clone());
        drop(rows);
        drop((old, old_too));
        Some(new)
    }

    pub(super) fn first<Q>(&self, key: &Q) -> Option<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.read().keys.get(key).map(|row| row.first.clone())
    }

    /// The entries of a key.
    pub(super) fn row<Q>(&self, key: &Q) -> Vec<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let rows = self.read();
        let row = rows.keys.get(key).into_iter();
        row.flat_map(Row::iter).cloned().collect()
    }

    /// The entries of a process.
    pub(super) fn owned(&self, owner: u64) -> Vec<Entry<K, V>> {
        let rows = self.read();
        let owned = rows.owners.get(&owner).into_iter();
        owned.flatten().cloned().collect()
    }

    pub(super) fn all(&self) -> Vec<Entry<K, V>> {
        let rows = self.read();
        let mut all: Vec<_> = rows.keys.values().flat_map(Row::iter).cloned().collect();
        drop(rows);
        all.sort_unstable_by_key(Entry::number);
        all
    }

    pub(super) fn count(&self) -> usize {
        self.read().count
    }

    fn read(&self) -> RwLockReadGuard<'_, Rows<K, V>> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Rows<K, V>> {
        self.rows.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Rows<K, V>
where
    K: Eq + Hash,
{
    /// Adds an entry. `place` becomes the key of its row, if there is none yet.
    fn add(&mut self, owner: &ProcessArc, key: K, value: V, place: &mut Option<K>) -> Entry<K, V> {
        self.last += 1;
        self.count += 1;
        let entry = Entry::new(self.last, key, value, owner.clone());
        if let Some(row) = self.keys.get_mut(entry.key()) {
            row.more.push_back(entry.clone());
        } else if let Some(place) = place.take() {
            let (first, more) = (entry.clone(), VecDeque::new());
            self.keys.insert(place, Row { first, more });
        }
        let owned = self.owners.entry(owner.serial()).or_default();
        owned.push_back(entry.clone());
        entry
    }

    /// The entries that a process has under this key.
    fn of_owner<'a, Q>(&'a self, owner: u64, key: &'a Q) -> impl Iterator<Item = &'a Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let row = self.keys.get(key);
        let owned = self.owners.get(&owner);
        // A key may have very many owners, and an owner very many keys: the shorter list is looked through.
        let (row, owned) = match (row, owned) {
            (Some(row), Some(owned)) if row.len() <= owned.len() => (Some(row), None),
            (Some(_), owned) => (None, owned),
            (None, _) => (None, None),
        };
        let row = row.into_iter().flat_map(Row::iter);
        let row = row.filter(move |entry| entry.owner().serial() == owner);
        let owned = owned.into_iter().flatten();
        row.chain(owned.filter(move |entry| entry.key().borrow() == key))
    }

    /// Takes an entry off the list of its owner.
    fn disown(&mut self, entry: &Entry<K, V>) {
        let owner = entry.owner().serial();
        let Some(owned) = self.owners.get_mut(&owner) else {
            return;
        };
        if let Some(at) = position(owned, entry) {
            owned.remove(at);
        }
        if owned.is_empty() {
            self.owners.remove(&owner);
        }
    }

    /// Takes an entry out of the row of its key.
    fn take_out(&mut self, entry: &Entry<K, V>) -> Option<Removed<K, V>> {
        let row = self.keys.get_mut(entry.key())?;
        if row.first.number() != entry.number() {
            let at = position(&row.more, entry)?;
            self.count -= 1;
            return Some((row.more.remove(at)?, None));
        }
        self.count -= 1;
        if let Some(next) = row.more.pop_front() {
            return Some((std::mem::replace(&mut row.first, next), None));
        }
        let (key, row) = self.keys.remove_entry(entry.key())?;
        Some((row.first, Some(key)))
    }
}

fn position<K, V>(entries: &VecDeque<Entry<K, V>>, entry: &Entry<K, V>) -> Option<usize> {
    let at = entries.binary_search_by_key(&entry.number(), Entry::number);
    at.ok()
}

impl<K, V> Row<K, V> {
    fn len(&self) -> usize {
        1 + self.more.len()
    }

    fn iter(&self) -> impl Iterator<Item = &Entry<K, V>> {
        iter::once(&self.first).chain(&self.more)
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry<K, V>> {
        iter::once(&mut self.first).chain(&mut self.more)
    }
}

impl<K, V> Keyed for Table<K, V>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn release(&self, owner: u64) {
        let owned = self.write().owners.remove(&owner);
        for entry in owned.into_iter().flatten() {
            // A key or value that panics when it is compared or dropped spares the others.
            let _ = contain(move || {
                let removed = self.take_out(&mut self.write(), &entry);
                drop((removed, entry));
            });
        }
        self.feed.deliver();
    }
}

impl<K, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").finish_non_exhaustive()
    }
}
