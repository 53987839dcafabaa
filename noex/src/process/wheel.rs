//! One coarse timer wheel per tokio runtime: call deadlines and the timers of processes.
//!
//! A timer of tokio's costs about 100 ns to make and drop; most deadlines are made and dropped without ever
//! firing. Here an entry is a slab slot linked into the bucket of its millisecond: the hashed wheel of Varghese and Lauck (1987, scheme 6).
//! What lies farther off than one turn waits in an ordered map. One task per runtime sleeps until the next entry.

use super::WeakProcess;
use super::signal::Signal;
use crate::clock::{self, Instant};
use crate::task;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::runtime::{self, Handle};

/// Buckets of one millisecond each: a turn is a little over eight seconds, more than the default call timeout.
const TURN: u64 = 8192;
const NONE: u32 = u32::MAX;

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

/// Names an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    index: u32,
    /// Tells the entry from those that used its place before.
    turn: u32,
}

#[derive(Debug)]
pub(crate) struct Wheel {
    start: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    entries: Vec<Entry>,
    free: u32,
    /// First entry of each bucket.
    buckets: Box<[u32]>,
    /// One bit per bucket that is not empty.
    filled: Box<[u64]>,
    far: BTreeMap<(u64, u32), ()>,
    /// The last tick that has been looked at.
    done: u64,
    /// Until which tick the task sleeps.
    armed: u64,
    sleeper: Option<Waker>,
}

#[derive(Debug)]
struct Entry {
    due: Option<Due>,
    tick: u64,
    turn: u32,
    before: u32,
    /// Next in the bucket, or in the list of free places.
    after: u32,
}

impl Wheel {
    fn new() -> Self {
        Wheel {
            start: clock::now(),
            inner: Mutex::new(Inner {
                entries: Vec::new(),
                free: NONE,
                buckets: vec![NONE; TURN as usize].into(),
                filled: vec![0; (TURN / 64) as usize].into(),
                far: BTreeMap::new(),
                done: 0,
                armed: u64::MAX,
                sleeper: None,
            }),
        }
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
        inner.catch_up(now);
        let tick = tick.max(inner.done + 1);
        let key = inner.insert(tick, due);
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
        let due = inner.remove(key);
        drop(inner);
        due.is_some()
    }

    /// Whether an entry is still to come.
    pub(crate) fn holds(&self, key: Key) -> bool {
        let inner = self.lock();
        let entry = inner.entries.get(key.index as usize);
        entry.is_some_and(|e| e.turn == key.turn && e.due.is_some())
    }

    /// Runs what is due, and tells when to look again.
    fn turn(&self, waker: &Waker) -> Option<Instant> {
        let now = self.now();
        let mut inner = self.lock();
        let mut ripe = Vec::new();
        inner.collect(now, &mut ripe);
        inner.armed = inner.next();
        inner.sleeper = Some(waker.clone());
        let armed = inner.armed;
        drop(inner);
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

impl Inner {
    /// Moves on over ticks without entries, of which the sleeping task has not been told.
    fn catch_up(&mut self, now: u64) {
        if now > self.done + TURN / 8 && self.next() >= now {
            self.done = now - 1;
        }
    }

    fn insert(&mut self, tick: u64, due: Due) -> Key {
        let index = match self.free {
            NONE => {
                self.entries.push(Entry {
                    due: None,
                    tick,
                    turn: 0,
                    before: NONE,
                    after: NONE,
                });
                (self.entries.len() - 1) as u32
            }
            index => {
                self.free = self.entries[index as usize].after;
                index
            }
        };
        let near = tick <= self.done + TURN;
        let bucket = (tick % TURN) as usize;
        let first = if near { self.buckets[bucket] } else { NONE };
        let entry = &mut self.entries[index as usize];
        (entry.due, entry.tick, entry.before, entry.after) = (Some(due), tick, NONE, first);
        let turn = entry.turn;
        if near {
            if first != NONE {
                self.entries[first as usize].before = index;
            }
            self.buckets[bucket] = index;
            self.filled[bucket / 64] |= 1 << (bucket % 64);
        } else {
            self.far.insert((tick, index), ());
        }
        Key { index, turn }
    }

    fn remove(&mut self, key: Key) -> Option<Due> {
        let entry = self.entries.get_mut(key.index as usize)?;
        if entry.turn != key.turn {
            return None;
        }
        let due = entry.due.take()?;
        let (tick, before, after) = (entry.tick, entry.before, entry.after);
        if self.far.remove(&(tick, key.index)).is_none() {
            self.unlink(tick, before, after);
        }
        self.release(key.index);
        Some(due)
    }

    fn unlink(&mut self, tick: u64, before: u32, after: u32) {
        let bucket = (tick % TURN) as usize;
        match before {
            NONE => self.buckets[bucket] = after,
            before => self.entries[before as usize].after = after,
        }
        if after != NONE {
            self.entries[after as usize].before = before;
        }
        if self.buckets[bucket] == NONE {
            self.filled[bucket / 64] &= !(1 << (bucket % 64));
        }
    }

    fn release(&mut self, index: u32) {
        let entry = &mut self.entries[index as usize];
        entry.turn = entry.turn.wrapping_add(1);
        entry.after = self.free;
        self.free = index;
    }

    /// Takes out what is due by `now`, in the order of time.
    fn collect(&mut self, now: u64, ripe: &mut Vec<Due>) {
        while let Some(tick) = self.next_by(now) {
            let bucket = (tick % TURN) as usize;
            let mut index = self.buckets[bucket];
            // A bucket holds one tick only: farther ones wait in `far`.
            let from = ripe.len();
            while index != NONE {
                let entry = &mut self.entries[index as usize];
                let after = entry.after;
                ripe.extend(entry.due.take());
                self.release(index);
                index = after;
            }
            self.buckets[bucket] = NONE;
            self.filled[bucket / 64] &= !(1 << (bucket % 64));
            // Pushed in front, so the first come is last.
            ripe[from..].reverse();
            while let Some((&(far, index), ())) = self.far.first_key_value()
                && far <= tick
            {
                self.far.pop_first();
                ripe.extend(self.entries[index as usize].due.take());
                self.release(index);
            }
            self.done = self.done.max(tick);
        }
        self.done = self.done.max(now);
    }

    fn next_by(&self, now: u64) -> Option<u64> {
        Some(self.next()).filter(|next| *next <= now)
    }

    /// The next tick with an entry.
    fn next(&self) -> u64 {
        let far = self
            .far
            .first_key_value()
            .map_or(u64::MAX, |((t, _), ())| *t);
        far.min(self.next_near().unwrap_or(u64::MAX))
    }

    fn next_near(&self) -> Option<u64> {
        let first = (self.done + 1) % TURN;
        let words = self.filled.len() as u64;
        for step in 0..=words {
            let word = ((first / 64) + step) % words;
            let mut bits = self.filled[word as usize];
            if step == 0 {
                bits &= u64::MAX << (first % 64);
            } else if step == words {
                bits &= !(u64::MAX << (first % 64));
            }
            if bits != 0 {
                let bucket = word * 64 + u64::from(bits.trailing_zeros());
                let ahead = (bucket + TURN - first) % TURN;
                return Some(self.done + 1 + ahead);
            }
        }
        None
    }
}

type Wheels = RwLock<HashMap<runtime::Id, Arc<Wheel>>>;

fn wheels() -> &'static Wheels {
    static WHEELS: std::sync::OnceLock<Wheels> = std::sync::OnceLock::new();
    WHEELS.get_or_init(Wheels::default)
}

/// The wheel of the current runtime; `None` outside of any.
pub(crate) fn of_runtime() -> Option<Arc<Wheel>> {
    std::thread_local! {
        static SEEN: std::cell::RefCell<Option<(runtime::Id, Arc<Wheel>)>> =
            const { std::cell::RefCell::new(None) };
    }
    let known = super::inline::runtime_of_task();
    let handle = match known {
        Some(id) => {
            let seen = SEEN
                .try_with(|s| {
                    let seen = s.borrow();
                    seen.as_ref()
                        .filter(|(runtime, _)| *runtime == id)
                        .map(|(_, wheel)| wheel.clone())
                })
                .ok()
                .flatten();
            if seen.is_some() {
                return seen;
            }
            Handle::try_current().ok()?
        }
        None => Handle::try_current().ok()?,
    };
    let id = handle.id();
    let found = wheels()
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&id)
        .cloned();
    let wheel = found.unwrap_or_else(|| start(id, &handle));
    let _ = SEEN.try_with(|s| *s.borrow_mut() = Some((id, wheel.clone())));
    Some(wheel)
}

/// The wheel of the current runtime, for what cannot do without.
pub(crate) fn needed() -> Arc<Wheel> {
    of_runtime().expect("timers need a tokio runtime")
}

fn start(id: runtime::Id, handle: &Handle) -> Arc<Wheel> {
    let mut all = wheels().write().unwrap_or_else(PoisonError::into_inner);
    all.entry(id)
        .or_insert_with(|| {
            let wheel = Arc::new(Wheel::new());
            let ticker = Ticker {
                wheel: wheel.clone(),
                forget: Forget(id),
                sleep: None,
            };
            task::spawn(handle, ticker);
            wheel
        })
        .clone()
}

/// The task of a wheel.
struct Ticker {
    wheel: Arc<Wheel>,
    #[expect(dead_code, reason = "dropped with the task")]
    forget: Forget,
    sleep: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Future for Ticker {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            let Some(at) = this.wheel.turn(cx.waker()) else {
                this.sleep = None;
                return Poll::Pending;
            };
            let sleep = match &mut this.sleep {
                Some(sleep) => {
                    sleep.as_mut().reset(at);
                    sleep
                }
                none => none.insert(Box::pin(tokio::time::sleep_until(at))),
            };
            if pin!(sleep.as_mut()).poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

/// Runtimes come and go, their wheels with them.
struct Forget(runtime::Id);

impl Drop for Forget {
    fn drop(&mut self) {
        let gone = wheels()
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.0);
        drop(gone);
    }
}
