//! Everything at one moment.

use super::memory::MemoryStats;
use super::stats::{self, ServerStats, SupervisorStats};
use super::tree::{self, TreeNode};
use crate::json::{epoch_millis, json_object};
use crate::process::ProcessArc;
use std::fmt;
use std::time::SystemTime;

/// What there is at one moment. Serialised, it has the field names of the guide, in camelCase; shown, it is the tree.
///
/// Processes go on while the picture is taken: it is true of each of them, not of all at the same instant.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// When it was taken.
    pub timestamp: SystemTime,
    /// Every process that is no supervisor.
    pub servers: Vec<ServerStats>,
    /// Every supervisor.
    pub supervisors: Vec<SupervisorStats>,
    /// All of them, each below its supervisor.
    pub tree: Vec<TreeNode>,
    /// How many processes there are.
    pub process_count: usize,
    /// Messages handled by those that live.
    pub total_messages: u64,
    /// Restarts by the supervisors that live.
    pub total_restarts: u64,
    /// What the program occupies.
    pub memory_stats: MemoryStats,
}

impl Snapshot {
    pub(super) fn of(living: &[ProcessArc]) -> Self {
        let (servers, supervisors) = (stats::servers(living), stats::supervisors(living));
        Snapshot {
            timestamp: SystemTime::now(),
            tree: tree::of(living),
            process_count: servers.len() + supervisors.len(),
            total_messages: servers.iter().map(|s| s.message_count).sum(),
            total_restarts: supervisors.iter().map(|s| s.total_restarts).sum(),
            memory_stats: MemoryStats::now(),
            servers,
            supervisors,
        }
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.iter().try_for_each(|node| node.fmt(f))
    }
}

json_object!(Snapshot, snapshot => {
    "timestamp": epoch_millis(snapshot.timestamp),
    "servers": snapshot.servers,
    "supervisors": snapshot.supervisors,
    "tree": snapshot.tree,
    "processCount": snapshot.process_count,
    "totalMessages": snapshot.total_messages,
    "totalRestarts": snapshot.total_restarts,
    "memoryStats": snapshot.memory_stats,
});
