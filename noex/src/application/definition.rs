//! What an application is made of.

use super::hook::Hook;
use super::program::Program;
use crate::error::StartError;
use crate::process::{Name, Restart, Target, contain};
use crate::server::{Child, Outcome, Start, Untyped};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::process::ExitCode;
use std::time::Duration;

/// A part of a program that is started and stopped as a whole: a tree, what it depends on, and what is to be done on the way.
///
/// A program of one application [runs](Self::run) it; one of several is a [`Program`]. By hand they are
/// [loaded](super::Applications::load) and started.
///
/// ```no_run
/// use noex::prelude::*;
/// use noex::Application;
/// use std::{process::ExitCode, time::Duration};
///
/// struct Greeter;
///
/// #[gen_server]
/// impl Greeter {
///     #[init]
///     fn new() -> Self { Self }
///     #[call]
///     fn greet(&self, name: String) -> String { format!("Hello, {name}") }
/// }
///
/// supervisor! {
///     struct Shop { greeter: Greeter() }
/// }
///
/// #[noex::main]
/// async fn main() -> ExitCode {
///     Application::new("shop", || Shop::start())
///         .start_phase("greet", |shop| async move { shop.greeter().greet("Ada".into()).await.map(drop) })
///         .stop_timeout(Duration::from_secs(20))
///         .run()
///         .await
/// }
/// ```
#[must_use = "an application does nothing until it is run or loaded"]
pub struct Application<X: Child> {
    definition: Definition,
    tree: PhantomData<fn() -> X>,
}

/// The same without the type of the tree.
pub(super) struct Definition {
    pub(super) name: Name,
    pub(super) depends_on: Vec<Name>,
    pub(super) restart: Restart,
    pub(super) stop_timeout: Duration,
    start: Box<dyn Fn() -> Start<Untyped> + Send + Sync>,
    pub(super) start_phases: Vec<(&'static str, Hook)>,
    pub(super) prep_stop: Option<Hook>,
    pub(super) stopped: Option<Hook>,
}

impl<X: Child> Application<X> {
    /// An application of this name, whose tree `start` makes, anew at each start.
    pub fn new(
        name: impl Into<Name>,
        start: impl Fn() -> Start<X> + Send + Sync + 'static,
    ) -> Self {
        Application {
            definition: Definition {
                name: name.into(),
                depends_on: Vec::new(),
                restart: Restart::Permanent,
                stop_timeout: Duration::from_secs(30),
                start: Box::new(move || start().untyped()),
                start_phases: Vec::new(),
                prep_stop: None,
                stopped: None,
            },
            tree: PhantomData,
        }
    }

    /// The applications that must be up before this one starts.
    pub fn depends_on<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(N::into);
        self.definition.depends_on.extend(names);
        self
    }

    /// What its end means to the program, when it ends by itself. It is not started again.
    ///
    /// | | |
    /// |---|---|
    /// | `Permanent` (if nothing is said) | the program stops |
    /// | `Transient` | the program stops, unless the reason is `Normal`. A tree that gave up ends with `Shutdown` |
    /// | `Temporary` | it is reported |
    pub fn restart(mut self, restart: Restart) -> Self {
        self.definition.restart = restart;
        self
    }

    /// How long its stop may take: `prep_stop` and the tree. Thirty seconds if not given. What is still there then is killed and
    /// [reported](super::StopReport). `stopped` has what is left of that time, at least one second.
    pub fn stop_timeout(mut self, limit: Duration) -> Self {
        self.definition.stop_timeout = limit;
        self
    }

    /// Adds something to be done when the tree is up, behind what was added before; the start is over when all is done. A phase
    /// that fails or panics stops the application again, which then has not started.
    pub fn start_phase<F>(
        mut self,
        name: &'static str,
        phase: impl Fn(X::Ref) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        let phase = Hook::new(move |target| phase(X::Ref::from(target)));
        self.definition.start_phases.push((name, phase));
        self
    }

    /// Runs before its tree is stopped, and when the tree has ended by itself.
    pub fn prep_stop<F>(mut self, hook: impl Fn(X::Ref) -> F + Send + Sync + 'static) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        let hook = Hook::new(move |target| hook(X::Ref::from(target)));
        self.definition.prep_stop = Some(hook);
        self
    }

    /// Runs after all of it is gone: OTP's `stop`.
    pub fn stopped<F>(mut self, hook: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        self.definition.stopped = Some(Hook::new(move |_: Target| hook()));
        self
    }

    /// Runs the application as a [`Program`] and tells with which code to leave.
    ///
    /// # Panics
    ///
    /// When signal handlers cannot be installed.
    #[must_use = "without it the program ends as if all had gone well: return it from `main`"]
    pub async fn run(self) -> ExitCode {
        Program::new().with(self).run().await
    }

    pub(super) fn into_definition(self) -> Definition {
        self.definition
    }
}

impl Definition {
    /// Begins a start. The user's closure may panic.
    pub(super) fn begin(&self) -> Result<Start<Untyped>, StartError> {
        contain(|| (self.start)()).map_err(|panic| StartError::from_exit(&panic))
    }
}

impl<X: Child> fmt::Debug for Application<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.definition.fmt(f)
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("name", &self.name)
            .field("depends_on", &self.depends_on)
            .field("restart", &self.restart)
            .field("stop_timeout", &self.stop_timeout)
            .finish_non_exhaustive()
    }
}
