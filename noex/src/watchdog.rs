//! Finds processes that keep their thread too long.
//!
//! Nothing is written down when a poll begins, so this costs nothing while no watchdog runs. It looks at every process now and then, from a thread
//! of its own, because the threads of the runtime may be just what is kept: a process that is being polled, and has not been polled anew since
//! the last look, has been in that poll all the time between.

use crate::process::{Name, Pid, ProcessArc};
use crate::system::System;
use crate::task;
use std::collections::HashMap;
use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many looks in the time that is too long.
const LOOKS: u32 = 4;
const SHORTEST: Duration = Duration::from_millis(1);

/// Watches a [`System`] for long polls while it lives; see [`System::watchdog`].
#[must_use = "dropping it ends the watch"]
pub struct Watchdog {
    found: Arc<Found>,
    /// Dropped to end the thread.
    _until: Sender<()>,
}

/// What the last look has found.
type Found = Mutex<Vec<LongPoll>>;

/// A process that does not let go of its thread.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LongPoll {
    /// Which process.
    pub pid: Pid,
    /// The type of its server.
    pub server: &'static str,
    /// The name it is registered under.
    pub name: Option<Name>,
    /// Which handler it is in, or what else it does.
    pub handler: &'static str,
    /// It has not returned for this long, or longer.
    pub at_least: Duration,
}

impl System {
    /// Watches the processes of this system for those that stay in one poll for `limit` or longer: handlers that compute, block, or
    /// handle very many messages in one go. Each costs the runtime a thread for that time, and cannot be
    /// killed.
    ///
    /// Each such poll is told to `tracing` once, with the target `noex::watchdog`, and [can be asked for](Watchdog::long_polls) while it
    /// lasts. The watchdog looks at every process four times within the limit, from a thread of its own.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let watchdog = noex::System::current().watchdog(std::time::Duration::from_millis(100));
    /// assert!(watchdog.long_polls().is_empty());
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// When the operating system has no thread for it.
    pub fn watchdog(&self, limit: Duration) -> Watchdog {
        let found = Arc::new(Found::default());
        let (until, over) = mpsc::channel::<()>();
        let mut watch = Watch {
            system: self.clone(),
            limit,
            suspects: HashMap::new(),
            found: found.clone(),
        };
        let pause = (limit / LOOKS).max(SHORTEST);
        task::on_thread("noex-watchdog", move || {
            while over.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                watch.look();
            }
        });
        Watchdog {
            found,
            _until: until,
        }
    }
}

impl Watchdog {
    /// The polls that have lasted too long by now, the longest first.
    pub fn long_polls(&self) -> Vec<LongPoll> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.clone()
    }
}

struct Watch {
    system: System,
    limit: Duration,
    suspects: HashMap<u64, Suspect>,
    found: Arc<Found>,
}

/// A process that was in a poll at the last look.
struct Suspect {
    poll: u32,
    since: Instant,
    told: bool,
}

impl Watch {
    fn look(&mut self) {
        let now = Instant::now();
        let mut before = std::mem::take(&mut self.suspects);
        let mut found = Vec::new();
        for process in self
            .system
            .living()
            .into_iter()
            .chain(self.system.leaked_arcs())
        {
            let Some(poll) = process.present_poll() else {
                continue;
            };
            let suspect = before.remove(&process.serial()).filter(|s| s.poll == poll);
            let mut suspect = suspect.unwrap_or(Suspect {
                poll,
                since: now,
                told: false,
            });
            let at_least = now - suspect.since;
            if at_least >= self.limit {
                let long = LongPoll::of(&process, at_least);
                if !std::mem::replace(&mut suspect.told, true) {
                    long.tell();
                }
                found.push(long);
            }
            self.suspects.insert(process.serial(), suspect);
        }
        found.sort_by_key(|long| std::cmp::Reverse(long.at_least));
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = found;
    }
}

impl LongPoll {
    fn of(process: &ProcessArc, at_least: Duration) -> Self {
        let head = process.head();
        LongPoll {
            pid: process.pid(),
            server: head.kind.type_name,
            name: process.name(),
            handler: head.activity.doing().name(head.kind),
            at_least,
        }
    }

    fn tell(&self) {
        let name = self.name.as_ref().map(tracing::field::display);
        tracing::warn!(target: "noex::watchdog", pid = %self.pid, server = self.server, name, handler = self.handler, at_least = ?self.at_least, "long poll: the process keeps its thread; await in between, or use `cx.spawn_blocking`");
    }
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchdog")
            .field("long_polls", &self.long_polls())
            .finish_non_exhaustive()
    }
}
