//! Names of processes.

use crate::error::StartError;
use crate::process::{Name, ProcessArc};
use crate::random;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Enough that two threads seldom want the same one.
const SHARDS: usize = 32;

/// The names of one [`System`](crate::System), each belonging to one process.
///
/// A name is registered before its process runs `init`, and free before anyone is told that the process is gone.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let system = noex::System::new();
/// assert!(system.registry().names().is_empty());
/// # }
/// ```
#[derive(Debug)]
pub struct Registry {
    shards: [RwLock<Shard>; SHARDS],
    hasher: FixedState,
}

type Shard = HashMap<Name, ProcessArc, FixedState>;

impl Registry {
    pub(crate) fn new() -> Self {
        Registry {
            shards: std::array::from_fn(|_| RwLock::new(HashMap::with_hasher(random::hasher()))),
            hasher: random::hasher(),
        }
    }

    fn shard(&self, name: &str) -> &RwLock<Shard> {
        &self.shards[self.hasher.hash_one(name) as usize % SHARDS]
    }

    fn read(&self, name: &str) -> RwLockReadGuard<'_, Shard> {
        self.shard(name)
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, name: &str) -> RwLockWriteGuard<'_, Shard> {
        self.shard(name)
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn register(&self, name: &Name, process: &ProcessArc) -> Result<(), StartError> {
        let mut shard = self.write(name);
        if let Some(owner) = shard.get(name) {
            return Err(StartError::NameTaken(owner.pid()));
        }
        shard.insert(name.clone(), process.clone());
        Ok(())
    }

    /// Frees a name, if it still belongs to the process with this serial number.
    pub(crate) fn unregister(&self, name: &Name, owner: u64) {
        let mut shard = self.write(name);
        if shard.get(name).is_some_and(|p| p.serial() == owner) {
            let gone = shard.remove(name);
            drop(shard);
            drop(gone);
        }
    }

    pub(crate) fn lookup(&self, name: &str) -> Option<ProcessArc> {
        self.read(name).get(name).cloned()
    }

    /// The process that has this name.
    pub fn whereis(&self, name: &str) -> Option<crate::Pid> {
        self.read(name).get(name).map(ProcessArc::pid)
    }

    /// All names in use, sorted.
    pub fn names(&self) -> Vec<Name> {
        let mut names: Vec<Name> = self
            .shards
            .iter()
            .flat_map(|shard| {
                let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
                shard.keys().cloned().collect::<Vec<_>>()
            })
            .collect();
        names.sort();
        names
    }
}
