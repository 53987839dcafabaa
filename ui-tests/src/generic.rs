//! Servers with parameters, and servers without `#[init]`.

use noex::prelude::*;
use std::{collections::BTreeMap, fmt::Debug};

/// Keeps at most `N` values.
#[gen_server(mailbox = 10)]
#[derive(Debug)]
pub struct Cache<K, V, const N: usize = 8> {
    /// What is kept.
    map: BTreeMap<K, V>,
}

#[gen_server(log_calls)]
impl<K, V, const N: usize> Cache<K, V, N>
where
    K: Ord + Debug + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Begins with what it is given.
    #[init]
    pub fn new(seed: Vec<(K, V)>) -> Self {
        Self {
            map: seed.into_iter().take(N).collect(),
        }
    }

    /// The value of a key.
    #[call]
    pub fn get(&self, key: K) -> Option<V> {
        self.map.get(&key).cloned()
    }

    /// Keeps a value.
    #[cast]
    pub fn put(&mut self, key: K, value: V) {
        if self.map.len() < N {
            drop(self.map.insert(key, value));
        }
    }

    /// A server is a value like any other.
    #[call]
    pub fn merge(&mut self, other: Self) -> usize {
        self.map.extend(other.map);
        self.map.len()
    }
}

/// Known to this module only.
struct Private(u8);

#[gen_server]
impl Private {
    #[call(name = start)]
    fn begin(&self) -> u8 {
        self.0
    }

    #[call]
    fn stop(&self) -> u8 {
        self.0 + 1
    }
}

/// Uses what nobody else can.
///
/// # Panics
///
/// Never.
pub async fn private() -> (u8, u8) {
    let Ok(server) = Private(3).start_as("private").await else {
        return (0, 0);
    };
    let begun = server.start().await.unwrap_or_default();
    let stop = Private::named("private").stop().await.unwrap_or_default();
    drop(Process::stop(&server).await);
    (begun, stop)
}

/// Cannot be cloned.
#[derive(Debug)]
#[expect(missing_copy_implementations, reason = "that is the point")]
pub struct Unique(pub u8);

/// Takes an argument that cannot be cloned.
#[derive(Debug)]
pub struct Holder(Unique);

#[gen_server]
impl Holder {
    /// Begins with what it is given.
    #[init]
    pub fn new(unique: Unique) -> Self {
        Self(unique)
    }

    /// What it holds.
    #[call]
    pub fn held(&self) -> u8 {
        self.0.0
    }
}
