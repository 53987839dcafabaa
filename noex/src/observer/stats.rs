//! What is known of one process.

use crate::clock;
use crate::json::{Shown, epoch_millis, json_object, millis};
use crate::process::{Name, Pid, ProcessArc};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What a process that is no supervisor is and does.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerStats {
    /// Its identity.
    pub id: Pid,
    /// The name it is registered under; of several, the oldest.
    pub name: Option<Name>,
    /// As it has [labelled](crate::Ctx::set_label) itself.
    pub label: Option<Arc<str>>,
    /// The type of the server.
    pub server: &'static str,
    /// How it is.
    pub status: ServerStatus,
    /// What it does: a handler, or something else a process does.
    pub doing: &'static str,
    /// Messages and signals that wait.
    pub queue_size: usize,
    /// Messages handled.
    pub message_count: u64,
    /// Messages handled per second between the last two [samples](crate::Observer::start_sampling); `None` before there are two.
    pub message_rate: Option<f64>,
    /// When it handled its last message, as far as [sampling](crate::Observer::start_sampling) has seen: the message was handled between
    /// this moment and one interval before. `None` if none was seen.
    pub last_message_at: Option<SystemTime>,
    /// When it was started.
    pub started_at: SystemTime,
    /// How long ago that was.
    pub uptime: Duration,
    /// Its supervisor.
    pub parent: Option<Pid>,
}

/// How a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServerStatus {
    /// Its init runs.
    Starting,
    /// It handles messages.
    Running,
    /// It handles none until it is resumed.
    Suspended,
    /// It has been asked to stop.
    Stopping,
}

/// What a supervisor is and does.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SupervisorStats {
    /// Its identity.
    pub id: Pid,
    /// The name it is registered under, else the one of its spec.
    pub name: Name,
    /// Which children it restarts when one fails: `one_for_one` and so on.
    pub strategy: &'static str,
    /// How many children run.
    pub child_count: usize,
    /// How often it has restarted a child.
    pub total_restarts: u64,
    /// When it was started.
    pub started_at: SystemTime,
    /// How long ago that was.
    pub uptime: Duration,
    /// Its supervisor.
    pub parent: Option<Pid>,
}

impl ServerStats {
    pub(super) fn of(process: &ProcessArc) -> Self {
        let head = process.head();
        let statistics = process.statistics();
        let trace = head.system.samples().of(process).unwrap_or_default();
        ServerStats {
            id: process.pid(),
            name: process.name(),
            label: process.look(|e| e?.rare.as_ref()?.label.clone()),
            server: head.kind.type_name,
            status: ServerStatus::of(process),
            doing: head.activity.doing().name(head.kind),
            queue_size: statistics.queued,
            message_count: statistics.handled,
            message_rate: trace.rate,
            last_message_at: trace.last_message.map(|at| ago(clock::now() - at)),
            started_at: ago(statistics.uptime),
            uptime: statistics.uptime,
            parent: process.parent(),
        }
    }
}

impl ServerStatus {
    fn of(process: &ProcessArc) -> Self {
        if !process.has_started() {
            ServerStatus::Starting
        } else if process.head().is_stopping() {
            ServerStatus::Stopping
        } else if process.is_suspended() {
            ServerStatus::Suspended
        } else {
            ServerStatus::Running
        }
    }
}

impl SupervisorStats {
    /// `None` if it is no supervisor.
    pub(super) fn of(process: &ProcessArc) -> Option<Self> {
        let uptime = process.statistics().uptime;
        let (name, strategy, child_count, total_restarts) = process.look(|e| {
            let tree = e?.tree()?;
            Some((tree.name, tree.strategy, tree.children.len(), tree.restarts))
        })?;
        Some(SupervisorStats {
            id: process.pid(),
            name: process.name().unwrap_or_else(|| name.into()),
            strategy,
            child_count,
            total_restarts,
            started_at: ago(uptime),
            uptime,
            parent: process.parent(),
        })
    }
}

pub(super) fn servers(living: &[ProcessArc]) -> Vec<ServerStats> {
    let servers = living.iter().filter(|p| !p.is_supervisor());
    servers.map(ServerStats::of).collect()
}

pub(super) fn supervisors(living: &[ProcessArc]) -> Vec<SupervisorStats> {
    living.iter().filter_map(SupervisorStats::of).collect()
}

fn ago(uptime: Duration) -> SystemTime {
    let now = SystemTime::now();
    now.checked_sub(uptime).unwrap_or(now)
}

impl fmt::Display for ServerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            ServerStatus::Starting => "starting",
            ServerStatus::Running => "running",
            ServerStatus::Suspended => "suspended",
            ServerStatus::Stopping => "stopping",
        })
    }
}

json_object!(ServerStats, stats => {
    "id": stats.id,
    "name": stats.name.as_deref(),
    "label": stats.label.as_deref(),
    "server": stats.server,
    "status": Shown(stats.status),
    "doing": stats.doing,
    "queueSize": stats.queue_size,
    "messageCount": stats.message_count,
    "messageRate": stats.message_rate,
    "lastMessageAt": stats.last_message_at.map(epoch_millis),
    "startedAt": epoch_millis(stats.started_at),
    "uptimeMs": millis(stats.uptime),
    "parent": stats.parent,
});

json_object!(SupervisorStats, stats => {
    "id": stats.id,
    "name": &*stats.name,
    "strategy": stats.strategy,
    "childCount": stats.child_count,
    "totalRestarts": stats.total_restarts,
    "startedAt": epoch_millis(stats.started_at),
    "uptimeMs": millis(stats.uptime),
    "parent": stats.parent,
});
