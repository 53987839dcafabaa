//! Registries whose keys and values are the user's.

use super::entry::Entry;
use super::glob::Glob;
use super::listen::RegistryEvent;
use super::mode::{Duplicate, Mode, Unique};
use super::table::Table;
use crate::error::RegisterError;
use crate::process::{Pid, current};
use crate::server::Recipient;
use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

/// A registry from keys to processes, with a value for each entry.
///
/// Its entries belong to processes. In a handler, `init` or task the process itself registers and unregisters, and nobody else can do it in
/// its name; a process can also be [started under a key](crate::Start::via). When a process ends, its entries are gone before anyone is
/// told, whatever its end was like.
///
/// A key has one entry in a [`unique`](Self::unique) registry and any number in a [`duplicate`](Self::duplicate) one. The registry is a
/// value, cheap to clone, to be handed to those who use it; it is no process and outlives them all.
///
/// ```
/// use noex::KeyRegistry;
/// use noex::prelude::*;
///
/// type Rooms = KeyRegistry<String, u32>;
///
/// struct Room(Rooms);
///
/// #[gen_server]
/// impl Room {
///     #[call]
///     fn enter(&mut self) -> u32 {
///         let room = self.0.update_value("lobby", |guests| guests + 1);
///         *room.expect("it was started under this key").value()
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rooms = Rooms::unique();
/// let room = Room(rooms.clone()).start().via(&rooms, "lobby".into(), 0).await?;
///
/// let entry = rooms.lookup("lobby").expect("it runs");
/// let found = entry.process::<Room>().expect("it is a room");
/// assert_eq!(found.enter().await?, 1);
/// assert_eq!(rooms.select(|entry| (*entry.value() > 0).then(|| entry.key().clone())), ["lobby"]);
///
/// room.stop().await?;
/// assert_eq!(rooms.count(), 0);
/// # Ok(())
/// # }
/// ```
///
/// `Eq` and `Hash` of the keys run while the registry is locked: they must not use it. No other code of yours does.
pub struct KeyRegistry<K, V = (), M = Unique> {
    pub(super) table: Arc<Table<K, V>>,
    mode: PhantomData<fn() -> M>,
}

impl<K, V, M: Mode> KeyRegistry<K, V, M> {
    /// What a key must be is asked once, where it is used.
    pub(super) fn empty() -> Self {
        KeyRegistry {
            table: Table::new(M::UNIQUE),
            mode: PhantomData,
        }
    }
}

impl<K, V> KeyRegistry<K, V, Unique> {
    /// A registry that has one entry for a key.
    pub fn unique() -> Self {
        Self::empty()
    }
}

impl<K, V> KeyRegistry<K, V, Duplicate> {
    /// A registry that has any number of entries for a key.
    pub fn duplicate() -> Self {
        Self::empty()
    }
}

impl<K, V, M> KeyRegistry<K, V, M>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
    M: Mode,
{
    /// Registers the calling process.
    ///
    /// # Errors
    ///
    /// [`RegisterError::AlreadyRegistered`] when the registry is unique and the key has an entry, be it the caller's own;
    /// [`RegisterError::NoProcess`] outside of any process, as in a task spawned beside one.
    pub fn register(&self, key: K, value: V) -> Result<(), RegisterError> {
        let owner = current::process().ok_or(RegisterError::NoProcess)?;
        self.table.insert(&owner, key, value)
    }

    /// Takes out what the calling process has under this key; those of others stay. How many entries that were.
    pub fn unregister<Q>(&self, key: &Q) -> usize
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let Some(owner) = current::process() else {
            return 0;
        };
        self.table.remove(owner.serial(), key, usize::MAX)
    }

    /// Calls `f` with all entries of a key, in the order of their coming; not at all when there are none.
    ///
    /// It runs here, and nothing is locked: its panic is the caller's.
    pub fn dispatch<Q>(&self, key: &Q, f: impl FnOnce(&[Entry<K, V>]))
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let entries = self.table.row(key);
        if !entries.is_empty() {
            f(&entries);
        }
    }

    /// What `f` makes of the entries, in the order of their coming, where it makes something of them.
    pub fn select<R>(&self, f: impl FnMut(&Entry<K, V>) -> Option<R>) -> Vec<R> {
        let all = self.table.all();
        all.iter().filter_map(f).collect()
    }

    /// The entries whose keys match a pattern: `*` stands for any text without a `/`, `**` for any text, `?` for one character but `/`.
    ///
    /// ```
    /// # use noex::KeyRegistry;
    /// # let rooms = KeyRegistry::<String, u32>::unique();
    /// let floors = rooms.matching("house/*/kitchen"); // not "house/1/left/kitchen"
    /// let all = rooms.matching("house/**");
    /// ```
    pub fn matching(&self, pattern: &str) -> Vec<Entry<K, V>>
    where
        K: AsRef<str>,
    {
        let glob = Glob::new(pattern);
        let mut all = self.table.all();
        all.retain(|entry| glob.matches(entry.key().as_ref()));
        all
    }

    /// The keys of a process, in the order in which it registered them; a key twice if it has two entries.
    pub fn keys(&self, owner: Pid) -> Vec<K> {
        let owned = self.table.owned(owner.serial());
        owned.iter().map(|entry| entry.key().clone()).collect()
    }

    /// The values that a process has under a key.
    pub fn values<Q>(&self, key: &Q, owner: Pid) -> Vec<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
        V: Clone,
    {
        let row = self.table.row(key);
        let mine = row.iter().filter(|entry| entry.pid() == owner);
        mine.map(|entry| entry.value().clone()).collect()
    }

    /// How many entries there are.
    pub fn count(&self) -> usize {
        self.table.count()
    }

    /// Tells a server of every change from now on, in the order of the changes, until it is gone. One that is restarted listens again
    /// in its `init`.
    ///
    /// The events of a process that ends are no different from those of one that unregisters. They do not wait for room in
    /// the listener's mailbox: see [`RegistryEvent::missed`].
    pub fn listen(&self, listener: Recipient<RegistryEvent<K, V>>) {
        self.table.feed.listen(listener);
    }
}

impl<K, V> KeyRegistry<K, V, Unique>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// The entry of a key.
    pub fn lookup<Q>(&self, key: &Q) -> Option<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.table.first(key)
    }

    /// Replaces the value of a key by what `f` makes of it, and returns the new entry. `None` when the key is not the calling process's.
    pub fn update_value<Q>(&self, key: &Q, f: impl FnOnce(&V) -> V) -> Option<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let caller = current::process()?;
        let entry = self.table.first(key)?;
        if !entry.owner().is(&caller) {
            return None;
        }
        // Nobody else changes it meanwhile: only its owner may, and that is here.
        self.table.replace(&entry, f(entry.value()))
    }
}

impl<K, V> KeyRegistry<K, V, Duplicate>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// The entries of a key, in the order of their coming.
    pub fn lookup<Q>(&self, key: &Q) -> Vec<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.table.row(key)
    }
}

impl<K, V, M> Clone for KeyRegistry<K, V, M> {
    fn clone(&self) -> Self {
        KeyRegistry {
            table: self.table.clone(),
            mode: PhantomData,
        }
    }
}

impl<K, V, M> fmt::Debug for KeyRegistry<K, V, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRegistry").finish_non_exhaustive()
    }
}
