//! Locks by key.

use crate::random;
use crate::sync::Mutex;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use tokio::sync::{self, OwnedMutexGuard};

/// A lock for each key, for steps that must not overlap: "whoever finds no entry under this key makes one".
///
/// Those who wait for a key get it in the order of their coming. The lock is let go when its guard is dropped, hence also when the holder panics or
/// is killed. The value is cheap to clone; a key takes memory while someone holds or wants it.
///
/// ```
/// use noex::KeyedLock;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let files = KeyedLock::<&str>::new();
/// let guard = files.lock("a.txt").await;
/// let _other = files.lock("b.txt").await; // waits for nobody
/// drop(guard);
/// let _again = files.lock("a.txt").await;
/// # }
/// ```
///
/// `Eq` and `Hash` of the keys run while the table of keys is locked: they must not use it.
pub struct KeyedLock<K>(Arc<Table<K>>);

type Table<K> = Mutex<HashMap<K, Turn, FixedState>>;

/// Whose turn it is with a key, and how many hold it or wait for it.
struct Turn {
    lock: Arc<sync::Mutex<()>>,
    users: usize,
}

/// A key that is locked until this is dropped.
#[must_use = "the key is locked only while the guard is kept"]
pub struct KeyedGuard<K: Eq + Hash> {
    // Dropped before the place, hence free before it is forgotten.
    _turn: OwnedMutexGuard<()>,
    place: Place<K>,
}

/// One user of a key.
struct Place<K: Eq + Hash> {
    table: Arc<Table<K>>,
    key: K,
}

impl<K> KeyedLock<K> {
    /// No key is locked.
    pub fn new() -> Self {
        let table = HashMap::with_hasher(random::hasher());
        KeyedLock(Arc::new(Mutex::new(table)))
    }
}

impl<K> KeyedLock<K>
where
    K: Eq + Hash + Clone + Send + 'static,
{
    /// Waits until nobody else has this key. Who has it already waits for ever.
    ///
    /// Cancel safe: dropping the future gives up the place in the line.
    pub async fn lock(&self, key: K) -> KeyedGuard<K> {
        let (lock, place) = self.enter(key);
        KeyedGuard {
            _turn: lock.lock_owned().await,
            place,
        }
    }

    /// How many keys are locked.
    pub fn count(&self) -> usize {
        self.0.lock().len()
    }

    fn enter(&self, key: K) -> (Arc<sync::Mutex<()>>, Place<K>) {
        // A key is cloned and dropped where the table is not locked.
        let mut spare = Some(key.clone());
        let mut table = self.0.lock();
        let lock = match table.get_mut(&key) {
            Some(turn) => {
                turn.users += 1;
                turn.lock.clone()
            }
            None => {
                let lock = Arc::<sync::Mutex<()>>::default();
                let turn = Turn {
                    lock: lock.clone(),
                    users: 1,
                };
                table.extend(spare.take().map(|key| (key, turn)));
                lock
            }
        };
        drop(table);
        let table = self.0.clone();
        (lock, Place { table, key })
    }
}

impl<K: Eq + Hash> KeyedGuard<K> {
    /// The key.
    pub fn key(&self) -> &K {
        &self.place.key
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut table = self.table.lock();
        let Some(turn) = table.get_mut(&self.key) else {
            return;
        };
        turn.users -= 1;
        let over = (turn.users == 0).then(|| table.remove_entry(&self.key));
        drop(table);
        drop(over);
    }
}

impl<K> Default for KeyedLock<K>
where
    K: Eq + Hash + Clone + Send + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Clone for KeyedLock<K> {
    fn clone(&self) -> Self {
        KeyedLock(self.0.clone())
    }
}

impl<K> fmt::Debug for KeyedLock<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedLock").finish_non_exhaustive()
    }
}

impl<K: Eq + Hash + fmt::Debug> fmt::Debug for KeyedGuard<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyedGuard").field(self.key()).finish()
    }
}
