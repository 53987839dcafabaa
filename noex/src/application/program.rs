//! A program: its applications, the signals it obeys, and the code it leaves with.

use super::companion::{Accompanied, Companion};
use super::controller::{Applications, Cause};
use super::definition::{Application, Definition};
use super::error::ApplicationError;
use super::hook::Hook;
use super::phase::Phase;
use super::report::StopReport;
use super::signals::Signals;
use crate::process::{Slot, Target};
use crate::race::{Won, race};
use crate::server::{Child, Outcome};
use crate::system::System;
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, pending};
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::watch;

/// An hour, if they are taken every five seconds.
const HISTORY: usize = 720;

/// Runs applications as a program.
///
/// It starts them, waits for SIGTERM, SIGINT (Ctrl-C) or the end of an application that [must not end](Application::restart), and
/// stops: the [`Phase`] becomes [`Draining`](Phase::Draining) first, so that readiness can flip; the newest application's `prep_stop` runs
/// while all is up; what is [in flight](System::in_flight) may end within the `drain` time; then its tree is stopped in
/// reverse order, and so on to the oldest application. A signal during the start stops what is up in the same way.
///
/// SIGHUP runs the reload hook, if there is one.
///
/// # Exit codes
///
/// | code | when |
/// |---|---|
/// | 0 | the program was asked to stop, by a signal or [`shutdown`](Applications::shutdown), and all of it stopped in time |
/// | 1 | an application did not start, or ended by itself and must not; code outside of every process panicked (see [`stop_on_panic`](Self::stop_on_panic)); a hook failed; something had to be killed because time was over, or still runs |
/// | 130, 143 | a second SIGINT or SIGTERM: the program leaves at once, whatever still runs |
///
/// Signals are heard on a thread of its own, so they are obeyed while handlers block the runtime. When a stop that a
/// signal began is not over after all limits together, the program leaves with 1.
///
/// ```no_run
/// use noex::prelude::*;
/// use noex::{Application, Program};
/// use std::{process::ExitCode, time::Duration};
///
/// struct Store;
///
/// #[gen_server]
/// impl Store {
///     #[init]
///     fn open(file: &'static str) -> Self { Self }
/// }
///
/// supervisor! { struct Storage { store: Store("orders") } }
/// supervisor! { struct Shop { carts: Store("carts") } }
///
/// #[noex::main]
/// async fn main() -> ExitCode {
///     Program::new()
///         .with(Application::new("storage", || Storage::start()))
///         .with(Application::new("shop", || Shop::start()).depends_on(["storage"]))
///         .drain(Duration::from_secs(5))
///         .run()
///         .await
/// }
/// ```
#[must_use = "nothing runs before `run` is awaited"]
pub struct Program {
    applications: Vec<Definition>,
    drain: Duration,
    reload: Option<Hook>,
    companions: Vec<Companion>,
    stop_on_panic: bool,
    sample_every: Option<Duration>,
}

impl Program {
    /// A program without applications.
    pub fn new() -> Self {
        Program {
            applications: Vec::new(),
            drain: Duration::from_secs(5),
            reload: None,
            companions: Vec::new(),
            stop_on_panic: false,
            sample_every: Some(Duration::from_secs(5)),
        }
    }

    /// Adds an application. They are started in this order, but for dependencies, which go first.
    pub fn with<X: Child>(mut self, application: Application<X>) -> Self {
        self.applications.push(application.into_definition());
        self
    }

    /// How long what is in flight may take to end before trees are stopped. Five seconds if not given.
    pub fn drain(mut self, limit: Duration) -> Self {
        self.drain = limit;
        self
    }

    /// Runs at each SIGHUP, which otherwise would end the program. It is given up when the program is to stop meanwhile.
    pub fn on_reload<F>(mut self, hook: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        self.reload = Some(Hook::new(move |_: Target| hook()));
        self
    }

    /// Runs this beside the applications, from before the first is started until the last is stopped: what has to answer all that time, such
    /// as health over HTTP. When it fails, and when it panics, the program stops with code 1. When it ends well, nothing follows.
    ///
    /// ```no_run
    /// # #[cfg(feature = "http")]
    /// # async fn program(shop: noex::Application<noex::supervisor::Supervisor>) -> std::process::ExitCode {
    /// use noex::Program;
    /// use noex::http::Health;
    ///
    /// Program::new()
    ///     .beside("health", Health::new().ready_when(["database"]).serve(([127, 0, 0, 1], 8081)))
    ///     .with(shop)
    ///     .run()
    ///     .await
    /// # }
    /// ```
    pub fn beside<F>(mut self, name: &'static str, work: F) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        self.companions.push(Companion::new(name, work));
        self
    }

    /// Stops the program when code panics that belongs to no process: a thread, or a task of `tokio::spawn`. Such a panic is
    /// logged in any case. Whether somebody catches it does not matter.
    ///
    /// It needs the panic hook that [`main`](macro@crate::main) installs, or [`install_panic_hook`](crate::install_panic_hook).
    pub fn stop_on_panic(mut self) -> Self {
        self.stop_on_panic = true;
        self
    }

    /// How often the system is [sampled](crate::Observer::start_sampling), for rates and a history of 720 samples; `None` for never. Five seconds
    /// if not given.
    pub fn sample_every(mut self, interval: Option<Duration>) -> Self {
        self.sample_every = interval;
        self
    }

    /// Runs the program to its end and tells with which code to leave. A system runs one program.
    ///
    /// When the future is dropped the applications run on.
    ///
    /// # Panics
    ///
    /// When signal handlers cannot be installed; outside of a tokio runtime.
    #[must_use = "without it the program ends as if all had gone well: return it from `main`"]
    pub async fn run(self) -> ExitCode {
        let system = System::current();
        let applications = system.applications();
        let mut signals = Signals::listen(&applications, self.reload.is_some()).await;
        let panics = system.progress().panics();
        applications.set_drain(self.drain);
        applications.set_phase(Phase::Starting);
        let observer = system.observer();
        let _sampling = self
            .sample_every
            .map(|every| observer.start_sampling(every, HISTORY));
        let _accompanied = Accompanied::begin(self.companions, &applications);
        let start = start(self.applications, &applications);
        let cause = match race(start, race(signals.end(), applications.closing())).await {
            Won::First(Ok(())) => {
                applications.set_phase(Phase::Running);
                let reloads = reload(self.reload, signals.hangups(), &system);
                let panicked = async {
                    match self.stop_on_panic {
                        true => system.progress().more_panics(panics).await,
                        false => pending().await,
                    }
                };
                let attend = attend(&applications, &mut signals, panicked);
                match race(attend, reloads).await {
                    Won::First(cause) => cause,
                    Won::Second(never) => match never {},
                }
            }
            Won::First(Err(error)) => {
                tracing::error!(target: "noex::application", %error, "the program did not start");
                Cause::NotStarted
            }
            Won::Second(Won::First(signal)) => {
                tracing::info!(target: "noex::application", reason = %signal, "application stopping, still starting");
                Cause::Asked
            }
            // Whoever closed it has said why.
            Won::Second(Won::Second(())) => Cause::Asked,
        };
        wind_down(&applications, cause).await
    }
}

async fn start(
    definitions: Vec<Definition>,
    applications: &Applications,
) -> Result<(), ApplicationError> {
    let names: Vec<_> = definitions.iter().map(|d| d.name.clone()).collect();
    for definition in definitions {
        applications.load_definition(definition)?;
    }
    for name in names {
        applications.ensure_all_started(name).await?;
    }
    Ok(())
}

/// Waits for a reason to stop.
async fn attend(
    applications: &Applications,
    signals: &mut Signals,
    panicked: impl Future<Output = ()>,
) -> Cause {
    let told = race(applications.closing(), panicked);
    match race(signals.end(), told).await {
        Won::First(signal) => {
            tracing::info!(target: "noex::application", reason = %signal, "application stopping");
            Cause::Asked
        }
        Won::Second(Won::First(())) => {
            tracing::info!(target: "noex::application", "application stopping");
            Cause::Asked
        }
        Won::Second(Won::Second(())) => {
            tracing::error!(target: "noex::application", reason = "panic outside of every process", "application stopping");
            Cause::Panicked
        }
    }
}

/// Stops everything. An earlier cause stands.
async fn wind_down(applications: &Applications, cause: Cause) -> ExitCode {
    applications.close(cause);
    let reports = applications.reports().await;
    let clean = reports.iter().all(StopReport::is_clean);
    for report in reports.iter().filter(|report| !report.is_clean()) {
        tracing::error!(target: "noex::application", "not stopped cleanly: {report}");
    }
    tracing::info!(target: "noex::application", clean, "application stopped");
    match clean && applications.cause() == Some(Cause::Asked) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Runs the hook at each hang-up, one run after the other.
async fn reload(
    hook: Option<Hook>,
    mut hangups: watch::Receiver<()>,
    system: &System,
) -> Infallible {
    if let Some(hook) = hook {
        let nobody = Target::from(Slot::root());
        while hangups.changed().await.is_ok() {
            match hook.run(&nobody, system).await {
                Ok(()) => {
                    tracing::info!(target: "noex::application", reason = "signal(SIGHUP)", "reloaded");
                }
                Err(error) => {
                    tracing::error!(target: "noex::application", reason = "signal(SIGHUP)", %error, "reload failed; what was before stays");
                }
            }
        }
    }
    pending().await
}

impl Default for Program {
    fn default() -> Self {
        Program::new()
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("applications", &self.applications)
            .field("drain", &self.drain)
            .field("stop_on_panic", &self.stop_on_panic)
            .finish_non_exhaustive()
    }
}
