//! One isolated universe of processes.

mod all;
mod binding;
mod table;

use self::binding::bound_here;
use self::table::Table;
use crate::application::{Applications, Controller, InFlight, Phase, Progress};
use crate::observer::{Listeners, Samples};
use crate::process::{ExitReason, Signal, Trials, current};
use crate::registry::Registry;
use crate::sync::atomic::{
    AtomicBool,
    Ordering::{Relaxed, SeqCst},
};
use std::fmt;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};

pub use binding::BindGuard;

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
    /// Blocking jobs that have outlived their processes.
    orphans: AtomicUsize,
    controller: Controller,
    listeners: Listeners,
    samples: Samples,
    table: Table,
    trials: Trials,
}

impl System {
    /// A new, empty system.
    pub fn new() -> Self {
        let universe = Arc::new(Universe {
            registry: Registry::new(),
            progress: Progress::default(),
            orphans: AtomicUsize::new(0),
            controller: Controller::default(),
            listeners: Listeners::default(),
            samples: Samples::default(),
            table: Table::default(),
            trials: Trials::default(),
        });
        all::add(&universe);
        System::scope_of(universe)
    }

    /// All that there are.
    pub(crate) fn all() -> Vec<Self> {
        all::list().into_iter().map(System::scope_of).collect()
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

    /// The names of this system.
    pub fn registry(&self) -> &Registry {
        &self.0.universe.registry
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.0.universe.progress
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.0.universe.listeners
    }

    pub(crate) fn samples(&self) -> &Samples {
        &self.0.universe.samples
    }

    pub(crate) fn trials(&self) -> &Trials {
        &self.0.universe.trials
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
            root.signal(Signal::stop(ExitReason::Shutdown));
            root.exited().await;
        }
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
