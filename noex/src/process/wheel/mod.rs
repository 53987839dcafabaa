//! One coarse timer wheel per tokio runtime: call deadlines and the timers of processes.
//!
//! A timer of tokio's costs about 100 ns to make and drop; most deadlines are made and dropped without ever
//! firing. Here an entry is a slab slot linked into the bucket of its millisecond: the hashed wheel of Varghese and Lauck (1987, scheme 6).
//! What lies farther off than one turn waits in an ordered map. One task per runtime sleeps until the next entry.

mod buckets;
mod ticker;

use self::buckets::Buckets;
use self::ticker::Ticker;
use super::WeakProcess;
use super::runtime::Runtime;
use super::signal::Signal;
use crate::clock::{self, Instant};
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

pub(crate) use buckets::Key;

/// What an entry does when it is due.
#[derive(Debug)]
pub(crate) enum Due {
    /// Wakes a future that looks at its own deadline.
    Wake(Waker),
    /// Sends the timer's number to the process that owns it.
    Timer(WeakProcess, u64),
    /// Looks for the receiver of a letter, which is not known before.
    Send(Delivery),
}

/// Brings a letter to whoever is to have it now.
pub(crate) struct Delivery(pub(crate) Box<dyn FnOnce() + Send>);

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").finish_non_exhaustive()
    }
}

/// An entry that can be taken off.
#[derive(Debug)]
pub(crate) struct Armed {
    wheel: Arc<Wheel>,
    key: Key,
}

impl Armed {
    pub(crate) fn new(wheel: Arc<Wheel>, at: Instant, due: Due) -> Self {
        let key = wheel.add(at, due);
        Armed { wheel, key }
    }

    /// Takes the entry off; false if it was due already.
    pub(crate) fn cancel(&self) -> bool {
        self.wheel.cancel(self.key)
    }
}

#[derive(Debug)]
pub(crate) struct Wheel {
    start: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    buckets: Buckets,
    /// Until which tick the task sleeps.
    armed: u64,
    sleeper: Option<Waker>,
}

/// The wheel of the current runtime; `None` outside of any.
pub(crate) fn of_runtime() -> Option<Arc<Wheel>> {
    Some(Runtime::here()?.wheel().clone())
}

/// The wheel of the current runtime, for what cannot do without.
pub(crate) fn needed() -> Arc<Wheel> {
    of_runtime().expect("timers need a tokio runtime")
}

impl Wheel {
    pub(super) fn new() -> Self {
        Wheel {
            start: clock::now(),
            inner: Mutex::new(Inner {
                buckets: Buckets::new(),
                armed: u64::MAX,
                sleeper: None,
            }),
        }
    }

    /// Turns it for as long as the runtime lives.
    pub(super) fn ticker(wheel: Arc<Self>) -> impl Future<Output = ()> {
        Ticker { wheel, sleep: None }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first tick that is not before `at`.
    fn tick(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.start);
        u64::try_from(since.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }

    fn now(&self) -> u64 {
        let since = clock::now().saturating_duration_since(self.start);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// Adds an entry that is due at `at`, up to a millisecond later.
    pub(crate) fn add(&self, at: Instant, due: Due) -> Key {
        let (tick, now) = (self.tick(at), self.now());
        let mut inner = self.lock();
        inner.buckets.catch_up(now);
        let tick = tick.max(inner.buckets.done + 1);
        let key = inner.buckets.insert(tick, due);
        let sooner = tick < inner.armed;
        let sleeper = sooner.then(|| {
            inner.armed = tick;
            inner.sleeper.take()
        });
        drop(inner);
        sleeper.flatten().into_iter().for_each(Waker::wake);
        key
    }

    /// Takes an entry off; false if it was due already.
    pub(crate) fn cancel(&self, key: Key) -> bool {
        let mut inner = self.lock();
        let due = inner.buckets.remove(key);
        drop(inner);
        due.is_some()
    }

    /// Whether an entry is still to come.
    pub(crate) fn holds(&self, key: Key) -> bool {
        self.lock().buckets.holds(key)
    }

    /// Runs what is due, and tells when to look again.
    fn turn(&self, waker: &Waker) -> Option<Instant> {
        let now = self.now();
        let mut inner = self.lock();
        let mut ripe = Vec::new();
        inner.buckets.collect(now, &mut ripe);
        let armed = inner.buckets.next();
        if planted("late_sleeper") {
            drop(inner);
            hook(Hook::WheelTurned);
            inner = self.lock();
        }
        (inner.armed, inner.sleeper) = (armed, Some(waker.clone()));
        drop(inner);
        hook(Hook::WheelTurned);
        for due in ripe {
            due.run();
        }
        (armed < u64::MAX).then(|| self.start + Duration::from_millis(armed))
    }
}

impl Due {
    fn run(self) {
        match self {
            Due::Wake(waker) => super::wake(waker),
            Due::Timer(process, timer) => {
                if let Some(process) = process.upgrade() {
                    process.signal(Signal::Timer(timer));
                }
            }
            Due::Send(delivery) => delivery.0(),
        }
    }
}
