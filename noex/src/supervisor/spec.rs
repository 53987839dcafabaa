//! What a supervisor is made of.

use super::driver::{self, Kind, Plan};
use super::{AutoShutdown, ChildSpec, Intensity, Strategy, TreeHandle};
use crate::error::StartError;
use crate::process::{self, Inline, Options, ProcessArc, Restart, Slot, Tree, spawn};
use crate::server::{Child, Start};
use std::collections::HashSet;
use std::time::Duration;

/// A supervisor: its children in start order, and what it does when they end.
///
/// What `supervisor!` without a name yields, and what can be put together by hand.
#[derive(Clone, Debug)]
#[must_use = "a spec does nothing until it is started"]
pub struct Spec {
    /// For logs and observers.
    pub name: &'static str,
    /// Which children are restarted when one fails.
    pub strategy: Strategy,
    /// How many failures are borne.
    pub intensity: Intensity,
    /// Whether it ends with its significant children.
    pub auto_shutdown: AutoShutdown,
    /// In start order.
    pub children: Vec<ChildSpec>,
}

impl Spec {
    /// One-for-one, three restarts in five seconds, no children yet.
    pub fn new(name: &'static str) -> Self {
        Spec {
            name,
            strategy: Strategy::default(),
            intensity: Intensity::default(),
            auto_shutdown: AutoShutdown::default(),
            children: Vec::new(),
        }
    }

    /// Adds a child behind the others.
    pub fn child(mut self, child: ChildSpec) -> Self {
        self.children.push(child);
        self
    }

    /// Sets which children are restarted when one fails.
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = strategy;
        self
    }

    /// Sets how many failures are borne within which time.
    pub fn intensity(mut self, max_restarts: u32, window: Duration) -> Self {
        self.intensity = Intensity {
            max_restarts,
            window,
        };
        self
    }

    /// Sets whether it ends with its significant children.
    pub fn auto_shutdown(mut self, auto_shutdown: AutoShutdown) -> Self {
        self.auto_shutdown = auto_shutdown;
        self
    }

    fn check(&self, kind: Kind) -> Result<(), SpecError> {
        if matches!(kind, Kind::Pool(_)) && self.children.is_empty() {
            return Err(SpecError::NoWorkers {
                supervisor: self.name,
            });
        }
        if self.intensity.window.is_zero() {
            return Err(SpecError::ZeroWindow {
                supervisor: self.name,
            });
        }
        let mut ids = HashSet::new();
        for child in &self.children {
            let is_there = |id: &str| ids.contains(id);
            check_child(self.name, self.auto_shutdown, child, is_there)?;
            let id = &**child.get_id();
            if !ids.insert(id) {
                return Err(SpecError::DuplicateId {
                    supervisor: self.name,
                    id: id.to_owned(),
                });
            }
        }
        Ok(())
    }
}

/// Whether a child fits its supervisor, and the children that are there before it.
pub(super) fn check_child(
    supervisor: &'static str,
    auto_shutdown: AutoShutdown,
    child: &ChildSpec,
    is_there: impl Fn(&str) -> bool,
) -> Result<(), SpecError> {
    let id = || child.get_id().to_string();
    if let Some(needed) = child.needed().iter().find(|id| !is_there(id)) {
        return Err(SpecError::UnknownNeed {
            supervisor,
            id: id(),
            needed: needed.to_string(),
        });
    }
    if child.is_used_up_by_its_start() && child.restart_type() != Restart::Temporary {
        return Err(SpecError::StartsOnce {
            supervisor,
            id: id(),
        });
    }
    if !child.is_significant() {
        return Ok(());
    }
    if auto_shutdown == AutoShutdown::Never {
        return Err(SpecError::SignificantForNothing {
            supervisor,
            id: id(),
        });
    }
    if child.restart_type() == Restart::Permanent {
        return Err(SpecError::SignificantPermanent {
            supervisor,
            id: id(),
        });
    }
    Ok(())
}

/// Why a [`Spec`] cannot be started. It arrives inside [`StartError::Failed`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecError {
    /// A window of zero can never count two restarts.
    ZeroWindow {
        /// The supervisor.
        supervisor: &'static str,
    },
    /// Two children have the same id.
    DuplicateId {
        /// The supervisor.
        supervisor: &'static str,
        /// The id.
        id: String,
    },
    /// A child needs one that is not there before it.
    UnknownNeed {
        /// The supervisor.
        supervisor: &'static str,
        /// The child.
        id: String,
        /// What it needs.
        needed: String,
    },
    /// A child that is restarted was given as a start, which can be used once.
    StartsOnce {
        /// The supervisor.
        supervisor: &'static str,
        /// The child.
        id: String,
    },
    /// A pool or partition supervisor without a worker.
    NoWorkers {
        /// The supervisor.
        supervisor: &'static str,
    },
    /// A significant child under `AutoShutdown::Never`.
    SignificantForNothing {
        /// The supervisor.
        supervisor: &'static str,
        /// The child.
        id: String,
    },
    /// A significant child that is always restarted never ends by itself.
    SignificantPermanent {
        /// The supervisor.
        supervisor: &'static str,
        /// The child.
        id: String,
    },
}

impl std::fmt::Display for SpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SpecError::ZeroWindow { supervisor } => write!(
                f,
                "supervisor `{supervisor}`: an intensity needs a window longer than zero"
            ),
            SpecError::DuplicateId { supervisor, id } => write!(
                f,
                "supervisor `{supervisor}`: two children are called `{id}`; give one another id"
            ),
            SpecError::UnknownNeed {
                supervisor,
                id,
                needed,
            } => write!(
                f,
                "supervisor `{supervisor}`: `{id}` needs `{needed}`, which is no child that starts before it"
            ),
            SpecError::StartsOnce { supervisor, id } => write!(
                f,
                "supervisor `{supervisor}`: `{id}` is to be restarted, but its start can be used once; make it temporary, or give a closure that makes a start"
            ),
            SpecError::NoWorkers { supervisor } => write!(
                f,
                "supervisor `{supervisor}`: a pool needs at least one worker"
            ),
            SpecError::SignificantForNothing { supervisor, id } => write!(
                f,
                "supervisor `{supervisor}`: `{id}` is significant, but `auto_shutdown` is `never`"
            ),
            SpecError::SignificantPermanent { supervisor, id } => write!(
                f,
                "supervisor `{supervisor}`: `{id}` is significant and permanent; make it transient or temporary"
            ),
        }
    }
}

impl std::error::Error for SpecError {}

/// Which child kept a supervisor from starting. It arrives inside [`StartError::Failed`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChildStartError {
    /// The supervisor.
    pub supervisor: &'static str,
    /// The child.
    pub child: String,
    /// Why that did not start.
    pub error: StartError,
}

impl std::fmt::Display for ChildStartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "supervisor `{}`: child `{}` did not start: {}",
            self.supervisor, self.child, self.error
        )
    }
}

impl std::error::Error for ChildStartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// A supervisor without a type of its own.
#[derive(Debug)]
pub struct Supervisor;

impl Child for Supervisor {
    type Ref = TreeHandle;
}

impl Supervisor {
    /// Starts a supervisor and its children, in order. When one cannot start, those before it are stopped again.
    pub fn start(spec: Spec) -> Start<Supervisor> {
        start(spec)
    }

    /// A supervisor as a child of another.
    pub fn child_spec(spec: Spec) -> ChildSpec {
        ChildSpec::new::<Supervisor>(spec.name, move || start(spec.clone()))
    }
}

/// Starts a supervisor whose handle is that of `X`; for generated code.
pub fn start<X: Child>(spec: Spec) -> Start<X> {
    start_as(spec, Kind::Listed)
}

/// Starts a supervisor of some kind whose handle is that of `X`.
pub(super) fn start_as<X: Child>(spec: Spec, kind: Kind) -> Start<X> {
    Start::launching(Duration::MAX, move |options, slot| {
        if let Err(error) = spec.check(kind) {
            return Err(StartError::from_error(error));
        }
        let starter = options.link.as_ref().map(ProcessArc::pid);
        let slot = slot.cloned().unwrap_or_else(Slot::root);
        let process = spawn(&PROCESS, options, |cell| {
            let process = ProcessArc(cell.clone());
            let tree = Tree::new(&slot, spec.name, kind.strategy(spec.strategy));
            process.extras(|e| e.rare().tree = Some(Box::new(tree)));
            slot.fill(Some(process));
            driver::body(
                cell,
                Plan {
                    spec,
                    kind,
                    slot,
                    starter,
                },
            )
        })?;
        Ok(process)
    })
}

static PROCESS: process::Kind = process::Kind {
    handlers: &["request"],
    type_name: "Supervisor",
    options: Options {
        mailbox: Options::UNBOUNDED,
        // Its own end is its parent's business; those that link to it are not.
        trap_exit: true,
        inline: Inline::Never,
        ..Options::DEFAULT
    },
};
