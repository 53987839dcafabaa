//! The process of a pool.

use super::store::Store;
use super::{AcquireError, CheckedOut, ResourceManager, ResourcePoolOptions, ResourcePoolStats};
use crate::error::StartError;
use crate::process::ExitReason;
use crate::server::{Ctx, Process};
use noex_macros::gen_server;
use std::fmt;
use std::sync::Arc;

/// A pool of resources that are costly to make, such as connections, each lent to one user at a time.
///
/// Resources are made as they are needed, up to `max`, and kept for the next user; those above `min` that nobody needs for a while
/// are closed. Who [acquires](ResourcePoolRef::acquire) one gets it directly, not through the pool's process, so users work side by
/// side, from any number of tasks and clones of the ref. Each resource is checked before it is lent again. What is lent
/// comes back when it is dropped, so also when its holder dies. See [`ResourceManager`] for what a pool needs to know, and
/// [`ResourcePoolOptions`] for its limits.
///
/// (For a pool of servers, see [`Pool`](crate::supervisor::Pool).)
///
/// ```
/// use noex::prelude::*;
/// use noex::{ResourceManager, ResourcePool, ResourcePoolOptions};
/// use std::convert::Infallible;
///
/// /// Stands for a connection to a database.
/// struct Connection { url: String }
///
/// impl Connection {
///     async fn query(&mut self, sql: &str) -> String { format!("{sql} at {}", self.url) }
/// }
///
/// struct Connections { url: String }
///
/// impl ResourceManager for Connections {
///     type Resource = Connection;
///     type Error = Infallible;
///
///     async fn create(&self) -> Result<Connection, Infallible> {
///         Ok(Connection { url: self.url.clone() })
///     }
/// }
///
/// supervisor! {
///     struct App(url: String) {
///         #[child(shutdown = 30s)]
///         database: ResourcePool::<Connections>(
///             Connections { url: url.clone() },
///             ResourcePoolOptions::new(5, 20),
///         ),
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start("db://".into()).await?;
/// let database = app.database();
/// let mut connection = database.acquire().await?;
/// assert_eq!(connection.query("select 1").await, "select 1 at db://");
/// drop(connection);                       // gives it back
/// assert_eq!(database.stats().map(|s| (s.idle, s.acquired)), Some((5, 1)));
/// app.stop().await?;
/// # Ok(())
/// # }
/// ```
///
/// # Resources that block
///
/// What is lent is `Send`, `'static` and its user's alone, so it may go to tokio's blocking pool and be given back there:
///
/// ```
/// # use noex::{AcquireError, ResourceManager, ResourcePoolRef};
/// # use std::convert::Infallible;
/// # struct Sqlite;
/// # impl Sqlite { fn count(&self) -> u64 { 7 } }
/// # struct Files;
/// # impl ResourceManager for Files {
/// #     type Resource = Sqlite;
/// #     type Error = Infallible;
/// #     async fn create(&self) -> Result<Sqlite, Infallible> { Ok(Sqlite) }
/// # }
/// async fn count(database: &ResourcePoolRef<Files>) -> Result<u64, Box<dyn std::error::Error>> {
///     let connection = database.acquire().await?;
///     Ok(tokio::task::spawn_blocking(move || connection.count()).await?)
/// }
/// ```
///
/// # Start, stop and restart
///
/// A pool that starts makes `min` resources, one after the other, within 30 seconds. If one cannot be made, the pool does
/// not start; with a `min` of 0 it starts all the same and each user learns what is wrong.
///
/// A pool that stops lends nothing more, and those who wait are answered at once. It closes what is idle, waits until what
/// is lent has come back and is closed too, and says in the log what it has counted. It has 30 seconds if its supervisor
/// says nothing else. When they are over, or the pool was killed, the log says how many resources are still out; each
/// is closed when it is given back. Only then, while the pool's successor makes its own, there may be more open than `max`.
///
/// What a [`ResourceManager`] does wrong is never a reason for the pool to end.
pub struct ResourcePool<M: ResourceManager> {
    store: Arc<Store<M>>,
}

/// Time to look at how many resources there are.
struct Tend;

#[gen_server(init_timeout = 30s, shutdown = 30s)]
impl<M: ResourceManager> ResourcePool<M> {
    /// Makes the pool and as many resources as are to be kept.
    #[init]
    pub async fn open(
        manager: M,
        options: ResourcePoolOptions,
        cx: &mut Ctx<Self>,
    ) -> Result<Self, StartError> {
        options.validate().map_err(StartError::from_error)?;
        let pool = ResourcePool {
            store: Arc::new(Store::new(manager, options)),
        };
        pool.store.fill().await.map_err(StartError::from_error)?;
        cx.share(&pool.store);
        pool.tend_later(cx);
        Ok(pool)
    }

    #[info]
    fn tend(&mut self, _: Tend, cx: &mut Ctx<Self>) {
        self.tend_later(cx);
        cx.spawn(self.store.clone().mend());
    }

    #[status]
    fn show(&self) -> ResourcePoolStats {
        self.store.stats()
    }

    #[terminate]
    async fn close(&mut self, _why: &ExitReason) {
        self.store.close();
        self.store.emptied().await;
    }
}

impl<M: ResourceManager> ResourcePool<M> {
    fn tend_later(&self, cx: &mut Ctx<Self>) {
        cx.send_after(self.store.thin_out(), Tend);
    }
}

/// However it ends.
impl<M: ResourceManager> Drop for ResourcePool<M> {
    fn drop(&mut self) {
        let out = self.store.close();
        let stats = self.store.stats();
        match out {
            0 => {
                tracing::info!(target: "noex::resource_pool", ?stats, "a resource pool is closed");
            }
            out => {
                tracing::warn!(target: "noex::resource_pool", out, ?stats, "a resource pool ended while resources were out; each is closed when it is given back");
            }
        }
    }
}

/// What does not go through the process.
impl<M: ResourceManager> ResourcePoolRef<M> {
    /// Takes a resource: the one that was used last of those that are idle, else a new one, else the first that is given
    /// back. Who came first is served first.
    ///
    /// It waits no longer than [`acquire_timeout`](ResourcePoolOptions::acquire_timeout), and than the deadline of the call that is being
    /// handled where it is first polled. Cancel safe: dropped half-way it gives up its place in the queue, and a
    /// resource that was being checked is closed.
    ///
    /// # Errors
    ///
    /// See [`AcquireError`].
    pub async fn acquire(&self) -> Result<CheckedOut<M>, AcquireError<M::Error>> {
        let store = self.store().ok_or(AcquireError::NotRunning)?;
        store.acquire().await
    }

    /// What there is now, and what has been counted since the pool started. Does not wait for its process. `None` when it is
    /// not running.
    pub fn stats(&self) -> Option<ResourcePoolStats> {
        Some(self.store()?.stats())
    }

    fn store(&self) -> Option<Arc<Store<M>>> {
        Process::shared(self)
    }
}

impl<M: ResourceManager> fmt::Debug for ResourcePool<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourcePool")
            .field("stats", &self.store.stats())
            .finish()
    }
}
