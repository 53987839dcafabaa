//! What a pool has to know of its resources.

use std::error::Error;
use std::future::{Future, ready};

/// Makes, checks and closes the resources of a [`ResourcePool`](super::ResourcePool).
///
/// What blocks belongs on tokio's blocking pool, here as everywhere. The time of a caller who acquires limits
/// [`create`](Self::create) and [`check`](Self::check), and so does the end of that caller: then they are dropped half-way. A
/// panic in them is one of the caller's process; elsewhere it is logged, and the pool goes on.
///
/// ```
/// use noex::ResourceManager;
/// use std::io;
/// # struct Connection;
/// # impl Connection {
/// #     async fn to(_: &str) -> io::Result<Self> { Ok(Connection) }
/// #     async fn ping(&mut self) -> io::Result<()> { Ok(()) }
/// #     async fn say_goodbye(self) {}
/// # }
///
/// struct Connections { address: String }
///
/// impl ResourceManager for Connections {
///     type Resource = Connection;
///     type Error = io::Error;
///
///     async fn create(&self) -> io::Result<Connection> {
///         Connection::to(&self.address).await
///     }
///
///     async fn check(&self, connection: &mut Connection) -> io::Result<()> {
///         connection.ping().await
///     }
///
///     async fn close(&self, connection: Connection) {
///         connection.say_goodbye().await;
///     }
/// }
/// ```
pub trait ResourceManager: Send + Sync + 'static {
    /// What is lent.
    type Resource: Send + 'static;
    /// Why one cannot be made, or cannot be used any more.
    type Error: Error + Send + Sync + 'static;

    /// Makes a resource.
    ///
    /// # Errors
    ///
    /// Whoever acquires one gets the error; a pool that is starting does not start.
    fn create(&self) -> impl Future<Output = Result<Self::Resource, Self::Error>> + Send;

    /// Looks, each time before a resource is lent again, whether it can still be used. If it is not said, every one can.
    ///
    /// # Errors
    ///
    /// Then it is closed, and another one is taken or made.
    fn check(
        &self,
        resource: &mut Self::Resource,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        let _ = resource;
        ready(Ok(()))
    }

    /// Closes a resource. If it is not said, it is dropped.
    fn close(&self, resource: Self::Resource) -> impl Future<Output = ()> + Send {
        drop(resource);
        ready(())
    }
}
