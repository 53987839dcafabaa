//! Pools of resources: connections and the like, lent to one user at a time.
//!
//! The resources are in a store that the pool's process shares with its refs, so whoever acquires one meets the process
//! neither then nor when it is given back. The process fills the store, thins it out, and closes it at its end.

mod books;
mod checked_out;
mod error;
mod manager;
mod options;
mod place;
mod pool;
mod stats;
mod store;

pub use checked_out::CheckedOut;
pub use error::{AcquireError, PoolSizeError};
pub use manager::ResourceManager;
pub use options::ResourcePoolOptions;
pub use pool::{ResourcePool, ResourcePoolRef};
pub use stats::ResourcePoolStats;
