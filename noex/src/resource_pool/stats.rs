//! What a pool has counted.

use crate::json::json_object;

/// The figures of a [`ResourcePool`](super::ResourcePool): what is now, and what has been counted since it started. As JSON, the names
/// are in camelCase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourcePoolStats {
    /// How many resources are kept open.
    pub min: usize,
    /// How many may be open at a time.
    pub max: usize,
    /// Open and not in use, now.
    pub idle: usize,
    /// In use now, or being made, checked or closed.
    pub in_use: usize,
    /// How many wait for one, now.
    pub waiting: usize,
    /// How often one was acquired.
    pub acquired: u64,
    /// How often one was given back or discarded.
    pub released: u64,
    /// How often making or checking one failed.
    pub errors: u64,
    /// How often none was to be had in time.
    pub timeouts: u64,
    /// How often nobody more was allowed to wait.
    pub refused: u64,
    /// How many were made.
    pub created: u64,
    /// How many were closed, or are being closed.
    pub closed: u64,
}

json_object!(ResourcePoolStats, stats => {
    "min": stats.min,
    "max": stats.max,
    "idle": stats.idle,
    "inUse": stats.in_use,
    "waiting": stats.waiting,
    "acquired": stats.acquired,
    "released": stats.released,
    "errors": stats.errors,
    "timeouts": stats.timeouts,
    "refused": stats.refused,
    "created": stats.created,
    "closed": stats.closed,
});
