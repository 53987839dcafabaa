//! What a supervisor has to know of a child.

use super::Backoff;
use super::core::Policy;
use crate::error::StartError;
use crate::process::{Name, ProcessArc, Restart, Shutdown, Slot, SpawnOptions, contain};
use crate::server::{Child, ChildPolicy, Start};
use crate::sync::Mutex;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

type BoxError = Box<dyn Error + Send + Sync>;
type Make = dyn Fn(&Slot) -> Result<Launch, BoxError> + Send + Sync;

type Run = Box<dyn FnOnce(Adapt<'_>, &Slot) -> Result<ProcessArc, StartError> + Send>;

/// A start that waits only for its place.
pub(crate) struct Launch {
    run: Run,
    pub(crate) init_timeout: Duration,
}

/// What the supervisor adds to a start.
pub(crate) type Adapt<'a> = &'a mut dyn FnMut(&mut SpawnOptions);

/// How a supervisor starts a child, stops it, and what it does when it ends.
///
/// Made by the `child_spec` of a server or tree, whose options it takes over, and changed from there.
///
/// ```
/// use noex::prelude::*;
/// use noex::{Restart, Shutdown, supervisor::{Spec, Supervisor}};
/// use std::time::Duration;
///
/// #[derive(Clone)]
/// struct Cell(u64);
///
/// #[gen_server]
/// impl Cell {
///     #[call]
///     fn get(&self) -> u64 { self.0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let spec = Spec::new("cells")
///     .child(Cell(1).child_spec().id("one").name("cell/one"))
///     .child(Cell(2).child_spec().id("two").restart(Restart::Transient).shutdown(Shutdown::After(Duration::from_secs(1))));
/// let cells = Supervisor::start(spec).await?;
/// assert_eq!(Cell::named("cell/one").get().await?, 1);
/// cells.stop().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a spec does nothing until a supervisor has it"]
pub struct ChildSpec {
    id: Cow<'static, str>,
    policy: ChildPolicy,
    significant: bool,
    backoff: Option<Backoff>,
    needs: Vec<Cow<'static, str>>,
    name: Option<Name>,
    /// `None` once it is not needed any more.
    make: Option<Arc<Make>>,
    once: bool,
}

impl ChildSpec {
    /// A child that `start` starts, anew at each restart.
    pub fn new<X: Child>(
        id: impl Into<Cow<'static, str>>,
        start: impl Fn() -> Start<X> + Send + Sync + 'static,
    ) -> Self {
        ChildSpec::in_place::<X>(id, move |_| Ok(start()))
    }

    /// A child that can be started once, so it has to be temporary.
    pub(crate) fn once<X: Child>(id: impl Into<Cow<'static, str>>, start: Start<X>) -> Self {
        let start = Mutex::new(Some(start));
        let spec = ChildSpec::in_place::<X>(id, move |_| {
            let start = start.lock().take();
            Ok(start.expect("a temporary child is started once"))
        });
        ChildSpec { once: true, ..spec }
    }

    /// A child whose start may fail before it begins, and may look at its place.
    pub(crate) fn in_place<X: Child>(
        id: impl Into<Cow<'static, str>>,
        start: impl Fn(&Slot) -> Result<Start<X>, BoxError> + Send + Sync + 'static,
    ) -> Self {
        ChildSpec {
            id: id.into(),
            policy: X::POLICY,
            significant: false,
            backoff: None,
            needs: Vec::new(),
            name: X::POLICY.name.map(Name::from),
            make: Some(Arc::new(move |slot| {
                let start = start(slot)?;
                Ok(Launch {
                    init_timeout: start.init_timeout(),
                    run: Box::new(move |adapt, slot| start.launch(|o| adapt(o), Some(slot))),
                })
            })),
            once: false,
        }
    }

    /// Names the child within its supervisor. No two children may have the same id.
    pub fn id(mut self, id: impl Into<Cow<'static, str>>) -> Self {
        self.id = id.into();
        self
    }

    /// When it is started again.
    pub fn restart(mut self, restart: Restart) -> Self {
        self.policy.restart = restart;
        self
    }

    /// How it is stopped.
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.policy.shutdown = shutdown;
        self
    }

    /// Whether its end counts for the supervisor's [`AutoShutdown`](super::AutoShutdown).
    pub fn significant(mut self, significant: bool) -> Self {
        self.significant = significant;
        self
    }

    /// Waits before each restart that follows a failure. Without it a restart does not wait.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = Some(backoff);
        self
    }

    /// Names children of the same supervisor, started before it, that it depends on, for
    /// [`Strategy::Dependents`](super::Strategy::Dependents).
    pub fn needs<I: Into<Cow<'static, str>>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.needs.extend(ids.into_iter().map(Into::into));
        self
    }

    /// Registers each of its processes under this name.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub(crate) fn get_id(&self) -> &Cow<'static, str> {
        &self.id
    }

    pub(crate) fn is_supervisor(&self) -> bool {
        self.policy.supervisor
    }

    pub(crate) fn restart_type(&self) -> Restart {
        self.policy.restart
    }

    pub(crate) fn is_used_up_by_its_start(&self) -> bool {
        self.once
    }

    pub(crate) fn is_significant(&self) -> bool {
        self.significant
    }

    pub(crate) fn needed(&self) -> &[Cow<'static, str>] {
        &self.needs
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy {
            restart: self.policy.restart,
            shutdown: self.policy.shutdown,
            significant: self.significant,
            backoff: self.backoff,
        }
    }

    /// Evaluates the arguments; a panic in them is a failure like any other.
    pub(crate) fn make(&self, slot: &Slot) -> Result<Launch, StartError> {
        let make = self.make.as_ref();
        let make = make.expect("what has been spent is not started again");
        match contain(|| make(slot)) {
            Ok(Ok(launch)) => Ok(launch),
            Ok(Err(error)) => Err(StartError::from_error(error)),
            Err(panic) => Err(StartError::from_exit(&panic)),
        }
    }

    /// Drops the arguments: it is never started again. They may run code when dropped.
    pub(crate) fn spend(&mut self) {
        let _ = contain(|| self.make = None);
    }

    pub(crate) fn registered_name(&self) -> Option<&Name> {
        self.name.as_ref()
    }
}

impl Launch {
    pub(crate) fn run(self, adapt: Adapt<'_>, slot: &Slot) -> Result<ProcessArc, StartError> {
        (self.run)(adapt, slot)
    }
}

impl fmt::Debug for ChildSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("id", &self.id)
            .field("policy", &self.policy)
            .field("significant", &self.significant)
            .field("backoff", &self.backoff)
            .field("needs", &self.needs)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
