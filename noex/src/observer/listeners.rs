//! Who is told of what happens in a system. Where nobody listens, telling costs a look at a count.

use super::event::ObserverEvent;
use super::stats::{ServerStats, SupervisorStats};
use crate::process::{ExitReason, Head, Name, ProcessArc};
use std::fmt;
use std::sync::OnceLock;
// Orders nothing: who begins to listen hears what happens from then on.
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tokio::sync::broadcast;

/// So many events wait for a subscriber; then it misses the oldest.
pub(super) const WAITING: usize = 4096;

/// The subscribers of one system.
#[derive(Default)]
pub(crate) struct Listeners {
    count: AtomicUsize,
    events: OnceLock<broadcast::Sender<ObserverEvent>>,
}

impl Listeners {
    pub(super) fn begin(&self) -> broadcast::Receiver<ObserverEvent> {
        self.count.fetch_add(1, Relaxed);
        let events = self.events.get_or_init(|| broadcast::Sender::new(WAITING));
        events.subscribe()
    }

    pub(super) fn end(&self) {
        self.count.fetch_sub(1, Relaxed);
    }

    /// Tells what `event` makes, if anyone listens.
    pub(crate) fn tell(&self, event: impl FnOnce() -> Option<ObserverEvent>) {
        if self.count.load(Relaxed) == 0 {
            return;
        }
        if let (Some(events), Some(event)) = (self.events.get(), event()) {
            // Nobody listens any more: that is nobody's loss.
            let _ = events.send(event);
        }
    }

    /// The start of a process is over.
    pub(crate) fn tell_started(&self, head: &Head) {
        self.tell(|| {
            let process = head.arc()?;
            Some(match SupervisorStats::of(&process) {
                Some(stats) => ObserverEvent::SupervisorStarted { stats },
                None => ObserverEvent::ServerStarted {
                    stats: ServerStats::of(&process),
                },
            })
        });
    }

    /// A process that had been started is gone.
    pub(crate) fn tell_stopped(
        &self,
        process: Option<ProcessArc>,
        name: Option<Name>,
        reason: &ExitReason,
    ) {
        self.tell(|| {
            let process = process?;
            let (id, server) = (process.pid(), process.head().kind.type_name);
            if !reason.is_clean() {
                let (name, reason) = (name.clone(), reason.clone());
                self.tell(|| {
                    Some(ObserverEvent::Crashed {
                        id,
                        name,
                        server,
                        reason,
                    })
                });
            }
            let reason = reason.clone();
            Some(match process.is_supervisor() {
                true => ObserverEvent::SupervisorStopped { id, name, reason },
                false => ObserverEvent::ServerStopped {
                    id,
                    name,
                    server,
                    reason,
                },
            })
        });
    }

    pub(crate) fn are_there(&self) -> bool {
        self.count.load(Relaxed) > 0
    }
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Listeners").field(&self.count).finish()
    }
}
