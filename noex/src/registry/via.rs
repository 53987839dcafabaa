//! Processes that are started under a key, and refs that follow one.

use super::keyed::KeyRegistry;
use super::mode::Unique;
use crate::process::{Address, ProcessArc, Target};
use crate::server::{Child, GenServer, Ref, Start};
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

/// A key in a registry whose types are forgotten.
#[derive(Clone)]
pub(crate) struct Via(Arc<dyn Fn() -> Option<ProcessArc> + Send + Sync>);

impl Via {
    pub(crate) fn process(&self) -> Option<ProcessArc> {
        (self.0)()
    }
}

impl fmt::Debug for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Via").finish_non_exhaustive()
    }
}

impl<K, V> KeyRegistry<K, V, Unique>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// A ref that follows a key: it is looked up at each use.
    ///
    /// ```
    /// # use noex::KeyRegistry;
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
    /// let counters = KeyRegistry::<u32, ()>::unique();
    /// let third = counters.via::<Counter>(3);
    /// assert_eq!(third.get().await, Err(CallError::NotRunning));
    /// let counter = Counter(7).start().via(&counters, 3, ()).await?;
    /// assert_eq!(third.get().await?, 7);
    /// # counter.stop().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn via<S: GenServer>(&self, key: K) -> Ref<S> {
        let registry = self.clone();
        let process = move || Some(registry.lookup(&key)?.owner().clone());
        Ref::<S>::from(Target(Address::Via(Via(Arc::new(process)))))
    }
}

impl<X: Child> Start<X> {
    /// Registers the process under a key, before its init runs. Only a registry with unique keys can do this.
    ///
    /// A key that is taken is a [`StartError::NameTaken`](crate::StartError::NameTaken), and init is not run.
    ///
    /// ```compile_fail,E0308
    /// # use noex::KeyRegistry;
    /// # use noex::prelude::*;
    /// # struct Counter(u64);
    /// # #[gen_server]
    /// # impl Counter {}
    /// let topics = KeyRegistry::<u32, (), noex::Duplicate>::duplicate();
    /// let counter = Counter(7).start().via(&topics, 3, ());
    /// ```
    pub fn via<K, V>(self, registry: &KeyRegistry<K, V, Unique>, key: K, value: V) -> Self
    where
        K: Eq + Hash + Clone + Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        let table = registry.table.clone();
        self.claiming(move |process| table.insert(process, key, value))
    }
}
