//! What happens in a system.

use super::stats::{ServerStats, SupervisorStats};
use crate::json::Shown;
use crate::process::{ExitReason, Name, Pid};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Something that happened in a system; see [`Observer::subscribe`](super::Observer::subscribe).
///
/// Serialised, it has a `type` such as `server_started`, and the fields in camelCase.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ObserverEvent {
    /// The init of a server, or of a task in a tree, has succeeded.
    ServerStarted {
        /// What it is.
        stats: ServerStats,
    },
    /// A server whose init had succeeded is gone.
    ServerStopped {
        /// Its identity.
        id: Pid,
        /// A name it was registered under.
        name: Option<Name>,
        /// The type of the server.
        server: &'static str,
        /// Why.
        reason: ExitReason,
    },
    /// A supervisor has started all its children.
    SupervisorStarted {
        /// What it is.
        stats: SupervisorStats,
    },
    /// A supervisor is gone.
    SupervisorStopped {
        /// Its identity.
        id: Pid,
        /// Its name.
        name: Option<Name>,
        /// Why.
        reason: ExitReason,
    },
    /// A process ended otherwise than it should: by an error, a panic or a kill. It has stopped as well, which is told next.
    Crashed {
        /// Its identity.
        id: Pid,
        /// A name it was registered under.
        name: Option<Name>,
        /// The type of the server.
        server: &'static str,
        /// Why.
        reason: ExitReason,
    },
    /// A supervisor has started a child again.
    ChildRestarted {
        /// The supervisor.
        supervisor: Pid,
        /// The id of the child.
        child: String,
        /// Its new process.
        id: Pid,
        /// How often it has been restarted by this supervisor.
        restarts: u64,
    },
    /// A supervisor gives up: more failures than its intensity bears.
    MaxRestartsExceeded {
        /// The supervisor.
        supervisor: Pid,
        /// Its name.
        name: &'static str,
        /// The id of the child that failed last.
        child: Option<String>,
    },
    /// What there is, told by a [poll](super::Observer::start_polling).
    StatsUpdate {
        /// Every process that is no supervisor.
        servers: Vec<ServerStats>,
        /// Every supervisor.
        supervisors: Vec<SupervisorStats>,
    },
    /// So many events were not told to this subscriber, which is too slow.
    Missed {
        /// How many.
        events: u64,
    },
}

impl ObserverEvent {
    /// The name of its kind, as in the guide: `server_started` and so on.
    pub fn kind(&self) -> &'static str {
        match self {
            ObserverEvent::ServerStarted { .. } => "server_started",
            ObserverEvent::ServerStopped { .. } => "server_stopped",
            ObserverEvent::SupervisorStarted { .. } => "supervisor_started",
            ObserverEvent::SupervisorStopped { .. } => "supervisor_stopped",
            ObserverEvent::Crashed { .. } => "crashed",
            ObserverEvent::ChildRestarted { .. } => "child_restarted",
            ObserverEvent::MaxRestartsExceeded { .. } => "max_restarts_exceeded",
            ObserverEvent::StatsUpdate { .. } => "stats_update",
            ObserverEvent::Missed { .. } => "missed",
        }
    }
}

impl Serialize for ObserverEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind())?;
        match self {
            ObserverEvent::ServerStarted { stats } => map.serialize_entry("stats", stats)?,
            ObserverEvent::SupervisorStarted { stats } => map.serialize_entry("stats", stats)?,
            ObserverEvent::ServerStopped {
                id,
                name,
                server,
                reason,
            }
            | ObserverEvent::Crashed {
                id,
                name,
                server,
                reason,
            } => {
                map.serialize_entry("id", id)?;
                map.serialize_entry("name", &name.as_deref())?;
                map.serialize_entry("server", server)?;
                map.serialize_entry("reason", &Shown(reason))?;
            }
            ObserverEvent::SupervisorStopped { id, name, reason } => {
                map.serialize_entry("id", id)?;
                map.serialize_entry("name", &name.as_deref())?;
                map.serialize_entry("reason", &Shown(reason))?;
            }
            ObserverEvent::ChildRestarted {
                supervisor,
                child,
                id,
                restarts,
            } => {
                map.serialize_entry("supervisor", supervisor)?;
                map.serialize_entry("child", child)?;
                map.serialize_entry("id", id)?;
                map.serialize_entry("restarts", restarts)?;
            }
            ObserverEvent::MaxRestartsExceeded {
                supervisor,
                name,
                child,
            } => {
                map.serialize_entry("supervisor", supervisor)?;
                map.serialize_entry("name", name)?;
                map.serialize_entry("child", child)?;
            }
            ObserverEvent::StatsUpdate {
                servers,
                supervisors,
            } => {
                map.serialize_entry("servers", servers)?;
                map.serialize_entry("supervisors", supervisors)?;
            }
            ObserverEvent::Missed { events } => map.serialize_entry("events", events)?,
        }
        map.end()
    }
}
