//! One isolated universe of processes.

use crate::application::{Applications, Controller, InFlight, Phase, Progress};
use crate::process::{ExitReason, Pid, ProcessArc, Signal, WeakProcess, current};
use crate::registry::Registry;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, Weak};
use tokio::runtime::{self, Handle};

/// One isolated universe of processes: its process table and its names.
///
/// Where none is named, the system of the current process is meant; else the one [bound](Self::bind) to the current tokio runtime;
/// else the default. So programs need not know about systems, and tests do not see each other.
///
/// ```
/// use noex::System;
///
/// let system = System::new();
/// assert_ne!(system, System::default());
/// assert!(system.processes().is_empty());
/// ```
#[derive(Clone)]
pub struct System(Arc<Scope>);

/// What a handle to a system means: all of it, and who uses it. Processes inherit the scope of their starter, so those of an
/// application are told from all others.
struct Scope {
    universe: Arc<Universe>,
    /// Nothing more starts in it.
    over: AtomicBool,
}

struct Universe {
    registry: Registry,
    progress: Progress,
    /// Processes that were abandoned and have not yielded.
    leaked: Mutex<HashMap<u64, WeakProcess, foldhash::fast::FixedState>>,
    /// Blocking jobs that have outlived their processes.
    orphans: AtomicUsize,
    controller: Controller,
    table: [Mutex<HashMap<u64, WeakProcess, foldhash::fast::FixedState>>; SHARDS],
}

const SHARDS: usize = 16;

impl System {
    /// A new, empty system.
    pub fn new() -> Self {
        System::scope_of(Arc::new(Universe {
            registry: Registry::new(),
            progress: Progress::default(),
            leaked: Mutex::default(),
            orphans: AtomicUsize::new(0),
            controller: Controller::default(),
            table: std::array::from_fn(|_| Mutex::default()),
        }))
    }

    fn scope_of(universe: Arc<Universe>) -> Self {
        let over = AtomicBool::new(false);
        System(Arc::new(Scope { universe, over }))
    }

    /// The same system for the processes of one application.
    pub(crate) fn scope(&self) -> Self {
        System::scope_of(self.0.universe.clone())
    }

    /// Lets nothing more start in this scope.
    pub(crate) fn end_scope(&self) {
        self.0.over.store(true, SeqCst);
    }

    /// The processes of this application, which are alive.
    pub(crate) fn living_in_scope(&self) -> Vec<ProcessArc> {
        let mut living = self.living();
        living.retain(|p| Arc::ptr_eq(&p.head().system.0, &self.0));
        living
    }

    /// The system that is meant here.
    pub fn current() -> Self {
        Self::with_current(Self::clone)
    }

    /// Looks at the system that is meant here, which is not counted for that.
    pub(crate) fn with_current<R>(f: impl FnOnce(&System) -> R) -> R {
        current::with_system(|system| match system {
            Some(system) => f(system),
            None => match bound_here() {
                Some(system) => f(&system),
                None => f(Self::by_default()),
            },
        })
    }

    fn by_default() -> &'static Self {
        static DEFAULT: OnceLock<System> = OnceLock::new();
        DEFAULT.get_or_init(System::new)
    }

    /// Binds this system to a tokio runtime: everything in that runtime means it, also inside `tokio::spawn`. The guard ends the binding.
    pub fn bind(&self, runtime: &Handle) -> BindGuard {
        let id = runtime.id();
        let mut all = bindings().write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, Arc::downgrade(&self.0));
        BOUND.store(all.len(), Relaxed);
        BindGuard {
            runtime: id,
            _keep: self.clone(),
        }
    }

    /// The names of this system.
    pub fn registry(&self) -> &Registry {
        &self.0.universe.registry
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.0.universe.progress
    }

    pub(crate) fn controller(&self) -> &Controller {
        &self.0.universe.controller
    }

    /// The applications of this system.
    pub fn applications(&self) -> Applications {
        Applications::of(self)
    }

    /// How far the [`Program`](crate::Program) of this system is.
    pub fn phase(&self) -> Phase {
        self.0.universe.progress.phase()
    }

    /// Notes a piece of work that a [`Program`](crate::Program) waits for when it stops.
    pub fn in_flight(&self) -> InFlight {
        InFlight::new(self.clone())
    }

    /// How many pieces of work are noted.
    pub fn in_flight_count(&self) -> usize {
        self.0.universe.progress.in_flight()
    }

    /// All living processes, in the order of their birth.
    pub fn processes(&self) -> Vec<Pid> {
        let mut pids: Vec<Pid> = self.living().iter().map(ProcessArc::pid).collect();
        pids.sort();
        pids
    }

    /// Processes that were abandoned because they did not yield when killed, and have not yielded since, in the order of their birth. They
    /// are fenced off and belong no longer to the living; a thread of the runtime is still theirs. See [`Stuck`](crate::Stuck).
    pub fn leaked(&self) -> Vec<Pid> {
        let mut pids: Vec<Pid> = self.leaked_arcs().iter().map(ProcessArc::pid).collect();
        pids.sort();
        pids
    }

    pub(crate) fn leaked_arcs(&self) -> Vec<ProcessArc> {
        let leaked = self
            .0
            .universe
            .leaked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let there = leaked.values().filter_map(WeakProcess::upgrade);
        // One that was about to end by itself is listed for a moment.
        there.filter(|p| p.head().is_fenced()).collect()
    }

    pub(crate) fn keep_leaked(&self, process: &ProcessArc) {
        let mut leaked = self
            .0
            .universe
            .leaked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        leaked.insert(process.serial(), process.downgrade());
    }

    pub(crate) fn forget_leaked(&self, serial: u64) {
        let mut leaked = self
            .0
            .universe
            .leaked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        leaked.remove(&serial);
    }

    /// How many blocking jobs have outlived the processes that began them and have not returned yet. See
    /// [`Ctx::spawn_blocking`](crate::Ctx::spawn_blocking).
    pub fn orphaned_jobs(&self) -> usize {
        self.0.universe.orphans.load(Relaxed)
    }

    pub(crate) fn orphans(&self) -> &AtomicUsize {
        &self.0.universe.orphans
    }

    /// Stops every process: those that have no supervisor first, the youngest before the others, each waited for.
    ///
    /// Not for use from inside one of them.
    pub async fn stop(&self) {
        loop {
            let mut roots = self.living();
            roots.retain(|p| !p.has_parent());
            roots.sort_by_key(|p| std::cmp::Reverse(p.serial()));
            let Some(root) = roots.first() else { return };
            root.signal(Signal::Stop(Box::new(ExitReason::Shutdown)));
            root.exited().await;
        }
    }

    pub(crate) fn living(&self) -> Vec<ProcessArc> {
        let shards = self.0.universe.table.iter();
        shards
            .flat_map(|shard| {
                let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
                shard
                    .values()
                    .filter_map(WeakProcess::upgrade)
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Takes a process into the table, unless its scope has [ended](Self::end_scope).
    pub(crate) fn remember(&self, process: &ProcessArc) -> bool {
        let serial = process.serial();
        let mut shard = self.shard(serial);
        // Looked at under the lock: whoever lists the living after the end of the scope finds what got in before.
        if self.0.over.load(SeqCst) {
            return false;
        }
        shard.insert(serial, process.downgrade());
        true
    }

    pub(crate) fn forget(&self, serial: u64) {
        let gone = self.shard(serial).remove(&serial);
        drop(gone);
    }

    fn shard(
        &self,
        serial: u64,
    ) -> std::sync::MutexGuard<'_, HashMap<u64, WeakProcess, foldhash::fast::FixedState>> {
        self.0.universe.table[serial as usize % SHARDS]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The default system: the same one everywhere in the program.
impl Default for System {
    fn default() -> Self {
        Self::by_default().clone()
    }
}

impl PartialEq for System {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.universe, &other.0.universe)
    }
}

impl Eq for System {}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("System")
            .field("processes", &self.processes().len())
            .finish_non_exhaustive()
    }
}

/// How many bindings there are: most programs make none, and then nobody asks tokio where this is.
static BOUND: AtomicUsize = AtomicUsize::new(0);

type Bindings = RwLock<HashMap<runtime::Id, Weak<Scope>>>;

fn bindings() -> &'static Bindings {
    static BINDINGS: OnceLock<Bindings> = OnceLock::new();
    BINDINGS.get_or_init(Bindings::default)
}

/// The system bound to the current runtime.
fn bound_here() -> Option<System> {
    if BOUND.load(Relaxed) == 0 {
        return None;
    }
    let runtime = Handle::try_current().ok()?.id();
    let all = bindings().read().unwrap_or_else(PoisonError::into_inner);
    all.get(&runtime)?.upgrade().map(System)
}

/// Keeps a [`System`] bound to a runtime; see [`System::bind`].
#[derive(Debug)]
#[must_use = "dropping the guard ends the binding"]
pub struct BindGuard {
    runtime: runtime::Id,
    _keep: System,
}

impl Drop for BindGuard {
    fn drop(&mut self) {
        let mut all = bindings().write().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.runtime);
        BOUND.store(all.len(), Relaxed);
    }
}
