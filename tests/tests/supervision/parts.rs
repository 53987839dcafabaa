//! Children that do as they are told and tell what happens to them.
#![allow(dead_code, unreachable_pub, reason = "shared by two test programs")]

use noex::prelude::*;
use noex::supervisor::{ChildState, ChildStatus, Spec, Supervisor, TreeHandle};
use noex::{ChildSpec, Shutdown};
use noex_tests::without_place;
use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

pub type Tested = Result<(), Box<dyn std::error::Error>>;

pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// What happened, in order.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub fn note(&self, what: impl Into<String>) {
        self.0
            .lock()
            .expect("nothing panics here")
            .push(what.into());
    }

    /// What happened since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("nothing panics here"))
    }

    pub fn part(&self, id: &'static str) -> Part {
        Part(Arc::new(Shared {
            id,
            log: self.clone(),
            script: Mutex::default(),
            lives: watch::channel(Lives::default()).0,
        }))
    }

    pub fn parts<const N: usize>(&self, ids: [&'static str; N]) -> [Part; N] {
        ids.map(|id| self.part(id))
    }
}

/// What an init does.
#[derive(Clone, Debug, Default)]
pub enum Begin {
    #[default]
    Well,
    After(Duration),
    Fail,
    Panic,
    Ignore,
    Hang,
}

/// What `terminate` does.
#[derive(Clone, Debug, Default)]
pub enum End {
    #[default]
    Well,
    After(Duration),
    With(ExitReason),
    Hang,
}

#[derive(Default)]
struct Script {
    next: VecDeque<Begin>,
    else_: Begin,
    end: End,
}

#[derive(Default)]
struct Lives {
    begun: usize,
    up: usize,
    last: Option<WorkerRef>,
}

/// A child of a test, over all its incarnations. It logs `a starts`, `a up`, `a stops (why)`, `a gone`.
#[derive(Clone)]
pub struct Part(Arc<Shared>);

struct Shared {
    id: &'static str,
    log: Log,
    script: Mutex<Script>,
    lives: watch::Sender<Lives>,
}

impl Part {
    fn script<R>(&self, f: impl FnOnce(&mut Script) -> R) -> R {
        f(&mut self.0.script.lock().expect("nothing panics here"))
    }

    /// What the next inits do, one after the other; those after them as [`always`](Self::always) says.
    pub fn next(&self, begins: impl IntoIterator<Item = Begin>) -> &Self {
        self.script(|s| s.next.extend(begins));
        self
    }

    /// What all inits do for which nothing else is said.
    pub fn always(&self, begin: Begin) -> &Self {
        self.script(|s| s.else_ = begin);
        self
    }

    pub fn ends(&self, end: End) -> &Self {
        self.script(|s| s.end = end);
        self
    }

    pub fn spec(&self) -> ChildSpec {
        Worker::child_spec(self.clone()).id(self.0.id)
    }

    fn note(&self, what: &str) {
        self.0.log.note(format!("{} {what}", self.0.id));
    }

    /// How many inits have begun.
    pub fn begun(&self) -> usize {
        self.0.lives.borrow().begun
    }

    /// How many inits have come to a good end.
    pub fn lives(&self) -> usize {
        self.0.lives.borrow().up
    }

    /// The incarnation that came up last.
    pub fn now(&self) -> WorkerRef {
        self.0.lives.borrow().last.clone().expect("it has been up")
    }

    pub fn pid(&self) -> noex::Pid {
        self.now().pid().expect("bound to a process")
    }

    /// Keeps no handle to any incarnation.
    pub fn forget(&self) {
        self.0.lives.send_modify(|lives| lives.last = None);
    }

    pub fn is_alive(&self) -> bool {
        self.0
            .lives
            .borrow()
            .last
            .as_ref()
            .is_some_and(|w| w.is_alive())
    }

    /// The `n`th incarnation to come up, once it serves.
    pub async fn life(&self, n: usize) -> WorkerRef {
        self.wait(|lives| lives.up >= n).await;
        let worker = self.now();
        let _ = worker.ping().await;
        worker
    }

    /// Returns when the `n`th init has begun.
    pub async fn beginning(&self, n: usize) {
        self.wait(|lives| lives.begun >= n).await;
    }

    async fn wait(&self, enough: impl FnMut(&Lives) -> bool) {
        let mut lives = self.0.lives.subscribe();
        let waited = timeout(Duration::from_secs(60), lives.wait_for(enough));
        let waited = waited
            .await
            .map(|lives| drop(lives.expect("the part is there")));
        waited.unwrap_or_else(|_| panic!("{} is not started again", self.0.id));
    }
}

pub struct Worker(Part);

#[derive(Debug)]
pub struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("as the script says")
    }
}

impl std::error::Error for Refused {}

#[gen_server]
impl Worker {
    #[init]
    pub async fn new(part: Part, cx: &mut Ctx<Self>) -> Result<Init<Self>, Refused> {
        part.note("starts");
        part.0.lives.send_modify(|lives| lives.begun += 1);
        let begin = part.script(|s| s.next.pop_front().unwrap_or(s.else_.clone()));
        match begin {
            Begin::Well => {}
            Begin::After(time) => sleep(time).await,
            Begin::Fail => return Err(Refused),
            Begin::Panic => panic!("as the script says"),
            Begin::Ignore => return Ok(Init::ignore()),
            Begin::Hang => pending().await,
        }
        part.note("up");
        let me = cx.myself();
        part.0.lives.send_modify(|lives| {
            lives.up += 1;
            lives.last = Some(me);
        });
        Ok(Init::ready(Self(part)))
    }

    #[call]
    pub fn ping(&self) {}

    /// Ends with this reason.
    #[cast]
    pub fn end(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }

    #[cast]
    pub fn crash(&mut self) {
        panic!("as asked");
    }

    /// Handles nothing for so long.
    #[cast]
    pub async fn rest(&mut self, time: Duration) {
        sleep(time).await;
    }

    /// Never comes back from this.
    #[cast]
    pub async fn hang(&mut self) {
        pending().await
    }

    #[cast]
    pub fn trap(&mut self, cx: &mut Ctx<Self>) {
        cx.trap_exit(true);
    }

    #[cast]
    pub fn link_to(&mut self, other: WorkerRef, cx: &mut Ctx<Self>) {
        cx.link(&other);
    }

    #[terminate]
    async fn bye(&mut self, why: &ExitReason) -> Result<(), ExitReason> {
        self.0.note(&format!("stops ({})", without_place(why)));
        let end = self.0.script(|s| s.end.clone());
        match end {
            End::Well => Ok(()),
            End::After(time) => {
                sleep(time).await;
                Ok(())
            }
            End::With(reason) => Err(reason),
            End::Hang => pending().await,
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.note("gone");
    }
}

/// A worker that spins: it cannot be killed before it is let go.
pub struct Spinner(Arc<std::sync::atomic::AtomicBool>);

#[gen_server]
impl Spinner {
    #[init]
    pub fn new(free: Arc<std::sync::atomic::AtomicBool>) -> Self {
        Self(free)
    }

    #[cast]
    pub fn spin(&mut self) {
        while !self.0.load(std::sync::atomic::Ordering::Acquire) {
            std::thread::yield_now();
        }
    }
}

/// Starts a tree in a system of its own.
pub async fn start(spec: Spec) -> Result<(TreeHandle, System), StartError> {
    let system = System::new();
    let tree = Supervisor::start(spec).system(&system).await?;
    Ok((tree, system))
}

/// Starts a tree of these parts, and forgets what they logged meanwhile.
pub async fn tree_of<'a>(
    spec: Spec,
    parts: impl IntoIterator<Item = &'a Part>,
) -> Result<TreeHandle, StartError> {
    let mut log = None;
    let spec = parts.into_iter().fold(spec, |spec, part| {
        log = Some(part.0.log.clone());
        spec.child(part.spec())
    });
    let (tree, _) = start(spec).await?;
    log.iter().for_each(|log| drop(log.take()));
    Ok(tree)
}

/// A spec that bears any number of failures.
pub fn patient() -> Spec {
    Spec::new("tree").intensity(1_000_000, Duration::from_secs(1))
}

pub async fn status(tree: &TreeHandle, id: &str) -> Option<ChildStatus> {
    let children = tree.children().await.expect("the supervisor runs");
    children.into_iter().find(|c| c.id == id)
}

pub async fn state(tree: &TreeHandle, id: &str) -> Option<ChildState> {
    status(tree, id).await.map(|c| c.state)
}

pub async fn ids(tree: &TreeHandle) -> Vec<String> {
    let children = tree.children().await.expect("the supervisor runs");
    children.into_iter().map(|c| c.id).collect()
}

pub const fn within(millis: u64) -> Shutdown {
    Shutdown::After(ms(millis))
}

/// All reasons with which a child may end by itself, and whether they are clean.
pub fn reasons() -> [(ExitReason, bool); 5] {
    [
        (ExitReason::Normal, true),
        (ExitReason::Shutdown, true),
        (ExitReason::ShutdownWith("enough".into()), true),
        (ExitReason::from_error("broken"), false),
        (ExitReason::Killed, false),
    ]
}

impl WorkerRef {
    /// Ends the worker with this reason, `Killed` by a kill, and waits until it is gone.
    pub async fn end_with(&self, reason: &ExitReason) -> ExitReason {
        match reason {
            ExitReason::Killed => self.kill(),
            reason => self.end(reason.clone()).expect("it runs"),
        }
        self.exited().await
    }
}
