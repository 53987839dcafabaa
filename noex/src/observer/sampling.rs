//! Looking at fixed times, whoever else looks and however often.

use super::Observer;
use super::memory::MemoryStats;
use super::subscription::Subscription;
use crate::clock::{self, Instant};
use crate::json::{epoch_millis, json_object};
use crate::process::ProcessArc;
use crate::sync::Mutex;
use crate::system::System;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};
use tokio::time::{MissedTickBehavior, interval};

const SHORTEST: Duration = Duration::from_millis(1);

/// The system at one moment, and what has happened since the sample before.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sample {
    /// When it was taken.
    pub timestamp: SystemTime,
    /// How many processes there were.
    pub process_count: usize,
    /// How many messages and signals waited in all mailboxes together.
    pub queue_size: usize,
    /// Messages handled per second by those that lived still.
    pub throughput: f64,
    /// Restarts per second by the supervisors that lived still.
    pub restart_rate: f64,
    /// What the program occupied.
    pub memory: MemoryStats,
}

/// Keeps the sampling of a system going while it, or a clone of it, lives; see [`Observer::start_sampling`].
#[derive(Clone, Debug)]
#[must_use = "dropping it ends the sampling"]
pub struct Sampling(#[expect(dead_code, reason = "it is held")] Arc<Sampler>);

#[derive(Debug)]
struct Sampler {
    system: System,
    _task: Subscription,
}

/// What was seen of a system at its last samples.
#[derive(Debug, Default)]
pub(crate) struct Samples(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    sampler: Weak<Sampler>,
    seen: Arc<Seen>,
    history: VecDeque<Sample>,
}

/// Every process at the last sample, by its serial number.
#[derive(Debug, Default)]
struct Seen {
    at: Option<Instant>,
    processes: HashMap<u64, Trace>,
}

/// What one process had done by then.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trace {
    handled: u64,
    restarts: u64,
    /// Messages per second since the sample before; `None` at the first.
    pub(super) rate: Option<f64>,
    /// The first sample that had seen its last message.
    pub(super) last_message: Option<Instant>,
}

impl Observer {
    /// Takes a [`Sample`] each `every` and keeps the last `keep` of them, until the guard is dropped.
    ///
    /// There is one sampling in a system: if one goes on, it is shared and its times stay. What others poll has no influence on it. While
    /// it goes on, statistics of servers have a [`message_rate`](crate::ServerStats::message_rate) and a
    /// [`last_message_at`](crate::ServerStats::last_message_at). No process takes part in it: each sample reads what is counted anyway, once.
    ///
    /// A [`Program`](crate::Program) does it by itself, every five seconds for the last hour.
    ///
    /// ```
    /// use noex::Observer;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let sampling = Observer::current().start_sampling(Duration::from_secs(1), 600);
    /// for sample in Observer::current().history() {
    ///     println!("{} messages a second", sample.throughput);
    /// }
    /// # drop(sampling);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start_sampling(&self, every: Duration, keep: usize) -> Sampling {
        let samples = self.0.samples();
        let mut state = samples.0.lock();
        if let Some(sampler) = state.sampler.upgrade() {
            return Sampling(sampler);
        }
        let observer = self.clone();
        let task = Subscription::running(async move {
            let mut ticks = interval(every.max(SHORTEST));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                observer.sample(keep);
            }
        });
        let sampler = Arc::new(Sampler {
            system: self.0.clone(),
            _task: task,
        });
        state.sampler = Arc::downgrade(&sampler);
        Sampling(sampler)
    }

    /// The last samples, the oldest first. They stay when the sampling ends.
    pub fn history(&self) -> Vec<Sample> {
        let state = self.0.samples().0.lock();
        state.history.iter().cloned().collect()
    }

    fn sample(&self, keep: usize) {
        let (living, samples) = (self.living(), self.0.samples());
        let before = samples.0.lock().seen.clone();
        let (seen, since_then) = Seen::of(&living, &before);
        let mut state = samples.0.lock();
        state.seen = Arc::new(seen);
        if let Some(sample) = since_then {
            state.history.push_back(sample);
            let surplus = state.history.len().saturating_sub(keep);
            state.history.drain(..surplus);
        }
    }
}

/// Figures of a sampling that is over would only get older.
impl Drop for Sampler {
    fn drop(&mut self) {
        self.system.samples().0.lock().seen = Arc::default();
    }
}

impl Samples {
    /// What was seen last of this process.
    pub(super) fn of(&self, process: &ProcessArc) -> Option<Trace> {
        let seen = self.0.lock().seen.clone();
        seen.processes.get(&process.serial()).copied()
    }
}

impl Seen {
    /// Looks once at each process. Without a look before there is nothing to tell of the time since then.
    fn of(living: &[ProcessArc], before: &Seen) -> (Self, Option<Sample>) {
        let now = clock::now();
        let seconds = before.at.map(|at| (now - at).as_secs_f64());
        let (mut messages, mut restarts, mut queue_size) = (0, 0, 0);
        let mut processes = HashMap::with_capacity(living.len());
        for process in living {
            let known = before.processes.get(&process.serial());
            let old = known.copied().unwrap_or_default();
            let statistics = process.statistics();
            let handled = statistics.handled - old.handled;
            let as_supervisor = process.look(|e| Some(e?.tree()?.restarts));
            match as_supervisor {
                None => {
                    messages += handled;
                    queue_size += statistics.queued;
                }
                Some(all) => restarts += all - old.restarts,
            }
            let trace = Trace {
                handled: statistics.handled,
                restarts: as_supervisor.unwrap_or(0),
                rate: seconds.map(|seconds| handled as f64 / seconds),
                // What an old process has done before the first look may be long ago.
                last_message: match seconds {
                    Some(_) if handled > 0 => Some(now),
                    _ => old.last_message,
                },
            };
            processes.insert(process.serial(), trace);
        }
        let sample = seconds.map(|seconds| Sample {
            timestamp: SystemTime::now(),
            process_count: living.len(),
            queue_size,
            throughput: messages as f64 / seconds,
            restart_rate: restarts as f64 / seconds,
            memory: MemoryStats::now(),
        });
        let at = Some(now);
        (Seen { at, processes }, sample)
    }
}

json_object!(Sample, sample => {
    "timestamp": epoch_millis(sample.timestamp),
    "processCount": sample.process_count,
    "queueSize": sample.queue_size,
    "throughput": sample.throughput,
    "restartRate": sample.restart_rate,
    "rssBytes": sample.memory.rss,
    "heapUsedBytes": sample.memory.heap_used,
});
