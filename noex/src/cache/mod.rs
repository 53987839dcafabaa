//! A bounded cache with times to live, as a child of a tree.
//!
//! The entries, and what goes when room is needed, are quick_cache's. Times to live are kept here, by noex's clock, so that
//! tests can pause it.

mod entry;
mod options;
mod server;
mod stats;
mod store;

pub use options::CacheOptions;
pub use server::{Cache, CacheRef};
pub use stats::CacheStats;
