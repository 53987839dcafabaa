//! noex with its defaults (calls end after five seconds, short handlers may run on the caller's stack). Only
//! the bound of the mailbox is set, as for the other libraries.

use crate::system::{Big, Clock, OVERLOAD_WORK, Span, StartTx, System, Unsupported, work};
use noex::prelude::{Ctx, gen_server};
use noex::supervisor::{Spec, Supervisor};
use noex::{CastError, ChildSpec, Down, Process};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

pub struct Noex;

pub struct Counter(u64);

#[gen_server(mailbox = unbounded)]
impl Counter {
    #[call]
    pub fn add(&mut self, x: u64) -> u64 {
        self.0 += x;
        self.0
    }

    #[cast]
    pub fn note(&mut self, x: u64) {
        self.0 += x;
    }
}

/// Takes 256-byte messages; the mailbox is bounded to the default of 1024.
pub struct Bounded(u64, bool);

#[gen_server]
impl Bounded {
    #[cast]
    pub fn put(&mut self, body: Big) {
        take(&mut self.0, self.1, &body);
    }

    #[call]
    pub fn count(&self) -> u64 {
        self.0
    }
}

pub struct Unbounded(u64, bool);

#[gen_server(mailbox = unbounded)]
impl Unbounded {
    #[cast]
    pub fn put(&mut self, body: Big) {
        take(&mut self.0, self.1, &body);
    }

    #[call]
    pub fn count(&self) -> u64 {
        self.0
    }
}

fn take(count: &mut u64, busy: bool, body: &Big) {
    std::hint::black_box(body);
    if busy {
        work(OVERLOAD_WORK);
    }
    *count += 1;
}

#[derive(Clone)]
pub enum BigRef {
    Bounded(BoundedRef),
    Unbounded(UnboundedRef),
}

struct Node {
    next: Option<NodeRef>,
    done: mpsc::UnboundedSender<()>,
}

#[gen_server(mailbox = unbounded)]
impl Node {
    #[cast]
    fn hop(&mut self, left: u64) {
        if left == 0 {
            let _ = self.done.send(());
        } else if let Some(next) = &self.next {
            next.hop(left - 1).unwrap();
        }
    }

    #[cast]
    fn close(&mut self, next: NodeRef) {
        self.next = Some(next);
    }
}

struct Kid;

#[gen_server]
impl Kid {
    #[init]
    fn new(index: usize, started: StartTx, cx: &mut Ctx<Self>) -> Self {
        let me = cx.myself();
        let crash = Box::new(move || me.crash().unwrap());
        let _ = started.send((index, crash));
        Kid
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }
}

struct Watcher {
    left: Arc<AtomicUsize>,
    done: mpsc::UnboundedSender<()>,
}

#[gen_server]
impl Watcher {
    #[init]
    fn new(
        target: CounterRef,
        left: Arc<AtomicUsize>,
        done: mpsc::UnboundedSender<()>,
        cx: &mut Ctx<Self>,
    ) -> Self {
        cx.monitor(&target);
        Watcher { left, done }
    }

    #[info(down)]
    fn gone(&mut self, _down: Down) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            let _ = self.done.send(());
        }
    }
}

impl System for Noex {
    type Ref = CounterRef;
    type BigRef = BigRef;
    const BOUNDED: bool = true;

    async fn spawn(_: usize) -> CounterRef {
        Counter(0).start().await.unwrap()
    }

    async fn call(r: &CounterRef, x: u64) -> u64 {
        r.add(x).await.unwrap()
    }

    async fn cast(r: &CounterRef, x: u64) {
        r.note(x).unwrap()
    }

    async fn stop(r: CounterRef) {
        r.stop().await.unwrap();
    }

    async fn spawn_big(cap: usize, busy: bool) -> BigRef {
        if cap == 0 {
            BigRef::Unbounded(Unbounded(0, busy).start().await.unwrap())
        } else {
            BigRef::Bounded(Bounded(0, busy).start().await.unwrap())
        }
    }

    async fn cast_big(r: &BigRef, body: Big) {
        match r {
            BigRef::Unbounded(r) => r.put(body).unwrap(),
            BigRef::Bounded(r) => match r.put(body) {
                Err(CastError::Full(BoundedMessage::Put { body })) => {
                    r.reserve().await.unwrap().put(body).unwrap();
                }
                sent => sent.unwrap(),
            },
        }
    }

    async fn count_big(r: &BigRef) -> u64 {
        match r {
            BigRef::Bounded(r) => r.count().await.unwrap(),
            BigRef::Unbounded(r) => r.count().await.unwrap(),
        }
    }

    async fn ring(n: usize, hops: u64) -> Result<Span, Unsupported> {
        let (done, mut rx) = mpsc::unbounded_channel();
        let node = |next| Node {
            next,
            done: done.clone(),
        };
        let first = node(None).start().await.unwrap();
        let mut next = first.clone();
        for _ in 1..n {
            next = node(Some(next)).start().await.unwrap();
        }
        first.close(next).unwrap();
        let t = Clock::now();
        first.hop(hops).unwrap();
        rx.recv().await;
        Ok(t.elapsed())
    }

    async fn supervise(n: usize, started: StartTx) -> Result<(), Unsupported> {
        let mut spec = Spec::new("kids").intensity(u32::MAX, Duration::from_secs(1));
        for i in 0..n {
            let started = started.clone();
            let kid = move || Kid::start(i, started.clone());
            spec = spec.child(ChildSpec::new::<Kid>(format!("kid{i}"), kid));
        }
        Supervisor::start(spec).await.unwrap();
        Ok(())
    }

    async fn register(names: Vec<String>) -> Result<(), Unsupported> {
        for name in names {
            Counter(0).start_as(name).await.unwrap();
        }
        Ok(())
    }

    fn lookup(name: &str) -> bool {
        Process::<Counter>::lookup(name).is_some()
    }

    async fn monitors(n: usize) -> Result<Span, Unsupported> {
        let (done, mut rx) = mpsc::unbounded_channel();
        let left = Arc::new(AtomicUsize::new(n));
        let target = Self::spawn(0).await;
        for _ in 0..n {
            let start = Watcher::start(target.clone(), left.clone(), done.clone());
            start.await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        let t = Clock::now();
        target.kill();
        rx.recv().await;
        Ok(t.elapsed())
    }
}
