//! Entries of keyed registries.

use crate::process::{Address, Pid, ProcessArc, Target};
use crate::server::{GenServer, Ref};
use std::fmt;
use std::sync::Arc;

/// An entry of a [`KeyRegistry`](super::KeyRegistry) as it was when it was looked up. Cheap to clone.
pub struct Entry<K, V>(Arc<Registration<K, V>>);

struct Registration<K, V> {
    /// Orders the entries of a registry by their coming.
    number: u64,
    key: K,
    value: V,
    owner: ProcessArc,
}

impl<K, V> Entry<K, V> {
    pub(super) fn new(number: u64, key: K, value: V, owner: ProcessArc) -> Self {
        Entry(Arc::new(Registration {
            number,
            key,
            value,
            owner,
        }))
    }

    pub(super) fn number(&self) -> u64 {
        self.0.number
    }

    pub(super) fn owner(&self) -> &ProcessArc {
        &self.0.owner
    }

    /// The key.
    pub fn key(&self) -> &K {
        &self.0.key
    }

    /// The value that the owner has given.
    pub fn value(&self) -> &V {
        &self.0.value
    }

    /// The identity of the process that owns it.
    pub fn pid(&self) -> Pid {
        self.0.owner.pid()
    }

    /// A handle to the process that owns it; `None` when that is no `S`.
    pub fn process<S: GenServer>(&self) -> Option<Ref<S>> {
        let owner = &self.0.owner;
        let address = || Address::Process(owner.clone());
        owner
            .takes::<S::Message>()
            .then(|| Ref::<S>::from(Target(address())))
    }
}

impl<K, V> Clone for Entry<K, V> {
    fn clone(&self) -> Self {
        Entry(self.0.clone())
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Entry<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("key", self.key())
            .field("value", self.value())
            .field("pid", &self.pid())
            .finish()
    }
}
