//! The applications of a system: which are loaded, which are up, and who may still start one.

use super::book::Book;
use super::definition::{Application, Definition};
use super::error::ApplicationError;
use super::life;
use super::phase::Phase;
use super::report::StopReport;
use super::run::{Order, Run, Stage};
use super::stopping::GRACE;
use crate::clock;
use crate::error::StartError;
use crate::process::Name;
use crate::server::Child;
use crate::sync::Mutex;
use crate::system::System;
use crate::task;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// The applications of one [`System`].
///
/// What [`Program`](crate::Program) does by itself can be done by hand here: load applications, start and stop them. A start or a stop that has
/// begun goes on when its future is dropped.
///
/// ```
/// use noex::prelude::*;
/// use noex::Application;
///
/// struct Store;
///
/// #[gen_server]
/// impl Store {
///     #[init]
///     fn new() -> Self { Self }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let applications = System::new().applications();
/// applications.load(Application::new("store", || Store::start()))?;
/// applications.load(Application::new("shop", || Store::start()).depends_on(["store"]))?;
///
/// let started = applications.ensure_all_started("shop").await?;
/// assert_eq!(started, ["store".into(), "shop".into()]);
/// assert!(applications.stop("shop").await?.is_clean());
/// assert_eq!(applications.running(), ["store".into()]);
/// assert!(applications.shutdown().await.iter().all(|report| report.is_clean()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Applications(System);

/// What a system knows of its applications.
#[derive(Default)]
pub(crate) struct Controller {
    book: Mutex<Book>,
    closing: watch::Sender<Option<Cause>>,
    reports: watch::Sender<Option<Vec<StopReport>>>,
}

/// Why the program stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Asked,
    NotStarted,
    Ended,
    Panicked,
    /// What ran beside the applications.
    Failed,
}

/// What a wish to start came to.
enum Begun {
    /// It is starting because of that.
    Ours(Arc<Run>),
    /// It was starting already.
    Others(Arc<Run>),
    Up,
    Ending(Arc<Run>),
}

impl Applications {
    pub(crate) fn of(system: &System) -> Self {
        Applications(system.clone())
    }

    /// Makes an application known. It can then be started, any number of times.
    ///
    /// # Errors
    ///
    /// [`ApplicationError::AlreadyLoaded`].
    pub fn load<X: Child>(&self, application: Application<X>) -> Result<(), ApplicationError> {
        self.load_definition(application.into_definition())
    }

    pub(super) fn load_definition(&self, definition: Definition) -> Result<(), ApplicationError> {
        let mut book = self.controller().book.lock();
        if book.find(&definition.name).is_ok() {
            drop(book);
            return Err(ApplicationError::AlreadyLoaded(definition.name));
        }
        book.loaded.push(Arc::new(definition));
        Ok(())
    }

    /// Starts an application, its start phases included. When somebody else is just starting it, that start is waited for.
    ///
    /// # Errors
    ///
    /// [`NotLoaded`](ApplicationError::NotLoaded), [`NotStarted`](ApplicationError::NotStarted) when something it depends on is not up,
    /// [`AlreadyStarted`](ApplicationError::AlreadyStarted), [`Failed`](ApplicationError::Failed),
    /// [`PhaseFailed`](ApplicationError::PhaseFailed), [`Cancelled`](ApplicationError::Cancelled),
    /// [`ShuttingDown`](ApplicationError::ShuttingDown). After an error nothing of it runs that did not before.
    pub async fn start(&self, name: impl Into<Name>) -> Result<(), ApplicationError> {
        let name = name.into();
        loop {
            match self.begin(&name)? {
                Begun::Ours(run) | Begun::Others(run) => return run.started().await,
                Begun::Up => return Err(ApplicationError::AlreadyStarted(name)),
                Begun::Ending(run) => drop(run.over().await),
            }
        }
    }

    /// Starts an application and everything it depends on that is not up, dependencies first, each fully up before the next
    /// begins. Tells which were started, in order. When one fails, those that this call has started are stopped again.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start), and [`DependencyCycle`](ApplicationError::DependencyCycle).
    pub async fn ensure_all_started(
        &self,
        name: impl Into<Name>,
    ) -> Result<Vec<Name>, ApplicationError> {
        let order = self.controller().book.lock().order(&name.into())?;
        let mut started = Vec::new();
        for name in order {
            match self.ensure_started(&name).await {
                Ok(true) => started.push(name),
                Ok(false) => {}
                Err(error) => {
                    while let Some(name) = started.pop() {
                        // It may have ended by itself, or all is being stopped anyway.
                        let _ = self.stop(name).await;
                    }
                    return Err(error);
                }
            }
        }
        Ok(started)
    }

    /// Whether it is up because of this call.
    async fn ensure_started(&self, name: &Name) -> Result<bool, ApplicationError> {
        loop {
            match self.begin(name)? {
                Begun::Ours(run) => return run.started().await.map(|()| true),
                Begun::Others(run) => return run.started().await.map(|()| false),
                Begun::Up => return Ok(false),
                Begun::Ending(run) => drop(run.over().await),
            }
        }
    }

    /// Stops an application and nothing else, also where others depend on it: `prep_stop`, its tree in reverse order, what its
    /// processes have started without a supervisor, `stopped`. One that is starting is given up.
    ///
    /// Not for use from inside of that application: it would wait for itself.
    ///
    /// # Errors
    ///
    /// [`NotRunning`](ApplicationError::NotRunning), [`ShuttingDown`](ApplicationError::ShuttingDown).
    pub async fn stop(&self, name: impl Into<Name>) -> Result<StopReport, ApplicationError> {
        let name = name.into();
        let run = {
            let book = self.controller().book.lock();
            self.refuse_if_closing()?;
            book.run(&name).ok_or(ApplicationError::NotRunning(name))?
        };
        run.stop(Order { drain_until: None });
        Ok(run.over().await)
    }

    /// Stops the program: what is [in flight](System::in_flight) may end within the drain time, then all applications are stopped,
    /// the newest first. From now on requests to start or stop one are refused. Calling it again, or at the same time, is harmless.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn shutdown(&self) -> Vec<StopReport> {
        self.close(Cause::Asked);
        self.reports().await
    }

    /// The applications that are up, in the order of their start.
    pub fn running(&self) -> Vec<Name> {
        let book = self.controller().book.lock();
        let up = book.runs.iter().filter(|run| run.stage() == Stage::Up);
        up.map(|run| run.definition.name.clone()).collect()
    }

    pub(super) fn system(&self) -> &System {
        &self.0
    }

    fn controller(&self) -> &Controller {
        self.0.controller()
    }

    /// With the book locked, so that what is refused and what is stopped are told apart.
    fn refuse_if_closing(&self) -> Result<(), ApplicationError> {
        match self.cause() {
            Some(_) => Err(ApplicationError::ShuttingDown),
            None => Ok(()),
        }
    }

    fn begin(&self, name: &Name) -> Result<Begun, ApplicationError> {
        let mut book = self.controller().book.lock();
        self.refuse_if_closing()?;
        let definition = book.find(name)?;
        if let Some(run) = book.run(name) {
            return Ok(match run.stage() {
                Stage::Starting => Begun::Others(run),
                Stage::Up => Begun::Up,
                Stage::Ending => Begun::Ending(run),
            });
        }
        let is_up = |name: &Name| book.run(name).is_some_and(|run| run.stage() == Stage::Up);
        let mut needs = definition.depends_on.iter();
        if let Some(dependency) = needs.find(|name| !is_up(name)) {
            return Err(ApplicationError::NotStarted {
                application: name.clone(),
                dependency: dependency.clone(),
            });
        }
        let Ok(runtime) = Handle::try_current() else {
            return Err(ApplicationError::Failed {
                application: name.clone(),
                error: StartError::RuntimeGone,
            });
        };
        let run = Arc::new(Run::new(definition, &self.0));
        book.runs.push(run.clone());
        drop(book);
        task::spawn(&runtime, life::live(run.clone(), self.clone()));
        Ok(Begun::Ours(run))
    }

    /// An application is over.
    pub(super) fn forget(&self, run: &Arc<Run>) {
        let mut book = self.controller().book.lock();
        book.runs.retain(|other| !Arc::ptr_eq(other, run));
    }

    /// Notes how long what is in flight may take to end.
    pub(super) fn set_drain(&self, drain: Duration) {
        self.controller().book.lock().drain = drain;
    }

    /// How long a stop of everything can take, and then some.
    pub(super) fn longest_stop(&self) -> Duration {
        let book = self.controller().book.lock();
        let limits = book.runs.iter().map(|run| run.definition.stop_timeout);
        let each = limits.map(|limit| limit.saturating_add(5 * GRACE));
        each.fold(
            book.drain.saturating_add(5 * GRACE),
            Duration::saturating_add,
        )
    }

    /// Notes how far the start is, unless the stop has begun.
    pub(super) fn set_phase(&self, phase: Phase) {
        let _book = self.controller().book.lock();
        if self.cause().is_none() {
            self.0.progress().set(phase);
        }
    }

    /// Begins the stop of the program. The first cause counts.
    pub(super) fn close(&self, cause: Cause) {
        let book = self.controller().book.lock();
        if self.cause().is_some() {
            return;
        }
        self.0.progress().set(Phase::Draining);
        self.controller().closing.send_replace(Some(cause));
        let drain = book.drain;
        drop(book);
        task::spawn(&Handle::current(), self.clone().stop_all(drain));
    }

    async fn stop_all(self, drain: Duration) {
        let order = Order {
            drain_until: Some(clock::later(clock::now(), drain)),
        };
        let mut reports = Vec::new();
        loop {
            let newest = self.controller().book.lock().runs.last().cloned();
            let Some(run) = newest else { break };
            run.stop(order);
            reports.push(run.over().await);
        }
        self.0.progress().set(Phase::Stopped);
        self.controller().reports.send_replace(Some(reports));
    }

    /// Why the program stops, if it does.
    pub(super) fn cause(&self) -> Option<Cause> {
        *self.controller().closing.borrow()
    }

    /// Ready when the program is to stop.
    pub(super) async fn closing(&self) {
        let mut closing = self.controller().closing.subscribe();
        // The sender is the system's, so it is there.
        let _ = closing.wait_for(Option::is_some).await;
    }

    /// Ready when all applications are stopped.
    pub(super) async fn reports(&self) -> Vec<StopReport> {
        let mut reports = self.controller().reports.subscribe();
        let reports = reports.wait_for(Option::is_some).await;
        reports.ok().and_then(|r| r.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for Applications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applications")
            .field("running", &self.running())
            .finish_non_exhaustive()
    }
}
