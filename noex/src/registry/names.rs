//! Names of processes.

use crate::error::RegisterError;
use crate::process::{Address, Name, Pid, ProcessArc, Target};
use crate::random;
use crate::server::{GenServer, Ref};
use foldhash::fast::FixedState;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Enough that two threads seldom want the same one.
const SHARDS: usize = 32;

/// The names of one [`System`](crate::System), each belonging to one process.
///
/// A process is registered under a name before it runs `init` ([`Start::name`](crate::Start::name)) or later
/// ([`Process::register`](crate::Process::register)); it may have several. All of them are free before anyone is told that it is gone.
///
/// The registry is no process and outlives them all.
///
/// ```
/// use noex::prelude::*;
///
/// struct Counter(u64);
///
/// #[gen_server]
/// impl Counter {
///     #[call]
///     fn get(&self) -> u64 { self.0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let system = System::current();
/// let counter = Counter(7).start().name("visits").await?;
/// counter.register("visits/today")?;
/// let found = system.registry().lookup::<Counter>("visits/today").expect("it runs");
/// assert_eq!(found.get().await?, 7);
///
/// counter.stop().await?;
/// assert!(system.registry().names().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Registry {
    shards: [Shard; SHARDS],
    hasher: FixedState,
}

/// A cache line of its own, so that the locks of its neighbours are not in the way.
#[derive(Debug)]
#[repr(align(64))]
struct Shard(RwLock<Names>);

type Names = HashMap<Key, ProcessArc, FixedState>;

/// A name as bytes, which need no look at whether they are a text.
#[derive(Debug)]
struct Key(Name);

impl Registry {
    pub(crate) fn new() -> Self {
        let shard = || Shard(RwLock::new(HashMap::with_hasher(random::hasher())));
        Registry {
            shards: std::array::from_fn(|_| shard()),
            hasher: random::hasher(),
        }
    }

    /// Enters a name, for `claim` of its process.
    pub(crate) fn insert(&self, name: &Name, process: &ProcessArc) -> Result<(), RegisterError> {
        let mut shard = self.write(name.as_bytes());
        if let Some(owner) = shard.get(name.as_bytes()) {
            return Err(RegisterError::AlreadyRegistered(owner.pid()));
        }
        shard.insert(Key(name.clone()), process.clone());
        Ok(())
    }

    /// Frees a name that the process with this serial number has claimed.
    pub(crate) fn remove(&self, name: &Name, owner: u64) {
        let mut shard = self.write(name.as_bytes());
        let removed = shard.remove(name.as_bytes());
        drop(shard);
        debug_assert!(removed.is_some_and(|process| process.serial() == owner));
    }

    pub(crate) fn process(&self, name: &[u8]) -> Option<ProcessArc> {
        self.read(name).get(name).cloned()
    }

    /// The server that has this name, as a handle to the incarnation that runs now. `None` when nobody has it, or something that
    /// is no `S`.
    ///
    /// It allocates nothing, so it is the way to look up a name that is used once;
    /// [`Process::lookup`](crate::Process::lookup) is the same in the system that is meant.
    /// A ref that is used more than once should be kept: one from `named` follows the name.
    pub fn lookup<S: GenServer>(&self, name: &str) -> Option<Ref<S>> {
        let process = self.process(name.as_bytes())?;
        let is_one = process.takes::<S::Message>();
        is_one.then(|| Ref::<S>::from(Target(Address::Process(process))))
    }

    /// The identity of the process that has this name.
    pub fn whereis(&self, name: &str) -> Option<Pid> {
        let name = name.as_bytes();
        self.read(name).get(name).map(ProcessArc::pid)
    }

    /// All names in use, sorted.
    pub fn names(&self) -> Vec<Name> {
        let shards = self.shards.iter();
        let mut names: Vec<Name> = shards
            .flat_map(|shard| {
                let shard = shard.0.read().unwrap_or_else(PoisonError::into_inner);
                shard.keys().map(|key| key.0.clone()).collect::<Vec<_>>()
            })
            .collect();
        names.sort();
        names
    }

    fn read(&self, name: &[u8]) -> RwLockReadGuard<'_, Names> {
        let shard = self.shard(name).read();
        shard.unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, name: &[u8]) -> RwLockWriteGuard<'_, Names> {
        let shard = self.shard(name).write();
        shard.unwrap_or_else(PoisonError::into_inner)
    }

    fn shard(&self, name: &[u8]) -> &RwLock<Names> {
        // Not the bits by which the table of a shard tells its entries apart.
        let at = self.hasher.hash_one(name) >> 32;
        &self.shards[at as usize % SHARDS].0
    }
}

impl Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_bytes().hash(state);
    }
}
