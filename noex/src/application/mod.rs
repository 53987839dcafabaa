//! A program's one tree: started, kept until a signal or its own end, and stopped in order and in bounded time.

mod phase;
mod race;
mod signals;

pub(crate) use phase::Progress;
pub use phase::{InFlight, Phase};

use crate::error::StartError;
use crate::process::ExitReason;
use crate::server::{Child, Start};
use crate::supervisor::TreeHandle;
use crate::system::System;
use race::{Won, race};
use signals::{Signal, Signals};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::ops::Deref;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

type Started<X> = Box<dyn FnOnce(&<X as Child>::Ref) + Send>;
type Hook = Box<dyn FnMut() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Runs a tree as a program.
///
/// It starts the tree, waits for SIGTERM, SIGINT (Ctrl-C) or the tree's own end, and then stops: the [`Phase`] becomes
/// [`Draining`](Phase::Draining), `prep_stop` runs while all is up, what is [in flight](System::in_flight) may end within the `drain` time, and
/// the tree is stopped in reverse order. A second signal ends the program at once with 128 plus the number of the signal.
///
/// The exit code is 0 when the tree was asked to stop and every child did; 1 when the tree did not start, ended by itself, or had to be
/// left behind or cut short.
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
///     Application::new(Shop::start())
///         .drain(Duration::from_secs(5))
///         .stop_timeout(Duration::from_secs(30))
///         .run()
///         .await
/// }
/// ```
#[must_use = "nothing runs before `run` is awaited"]
pub struct Application<X: Child> {
    tree: Start<X>,
    started: Option<Started<X>>,
    hooks: Ending,
}

/// How the end goes, and what the user wants done on the way.
struct Ending {
    drain: Duration,
    stop_timeout: Duration,
    prep_stop: Option<Hook>,
    stopped: Option<Hook>,
    reload: Option<Hook>,
}

impl<X> Application<X>
where
    X: Child,
    X::Ref: Deref<Target = TreeHandle>,
{
    /// A program that runs this tree.
    pub fn new(tree: Start<X>) -> Self {
        Application {
            tree,
            started: None,
            hooks: Ending {
                drain: Duration::from_secs(5),
                stop_timeout: Duration::from_secs(30),
                prep_stop: None,
                stopped: None,
                reload: None,
            },
        }
    }

    /// Runs once, with the handle of the tree, when all of it is up.
    pub fn started(mut self, hook: impl FnOnce(&X::Ref) + Send + 'static) -> Self {
        self.started = Some(Box::new(hook));
        self
    }

    /// How long what is in flight may take to end before the tree is stopped. Five seconds if not given.
    pub fn drain(mut self, limit: Duration) -> Self {
        self.hooks.drain = limit;
        self
    }

    /// How long the stop of the tree may take in all. Thirty seconds if not given. When it passes, the program ends with what is
    /// still there.
    pub fn stop_timeout(mut self, limit: Duration) -> Self {
        self.hooks.stop_timeout = limit;
        self
    }

    /// Runs before anything is stopped, also when the tree has ended by itself.
    pub fn prep_stop<F>(mut self, hook: impl FnMut() -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.hooks.prep_stop = Some(boxed(hook));
        self
    }

    /// Runs after all has been stopped.
    pub fn stopped<F>(mut self, hook: impl FnMut() -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.hooks.stopped = Some(boxed(hook));
        self
    }

    /// Runs at each SIGHUP, which otherwise would end the program.
    pub fn on_reload<F>(mut self, hook: impl FnMut() -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.hooks.reload = Some(boxed(hook));
        self
    }

    /// Runs the program to its end and tells with which code to leave.
    ///
    /// # Panics
    ///
    /// When signal handlers cannot be installed.
    pub async fn run(mut self) -> ExitCode {
        let system = System::current();
        let mut signals = Signals::install(self.hooks.reload.is_some());
        system.progress().set(Phase::Starting);
        let mut starting = self.tree.into_future();
        let tree = match race(&mut starting, signals.next_end()).await {
            Won::First(Ok(tree)) => tree,
            Won::First(Err(error)) => return not_started(&error),
            Won::Second(signal) => {
                tracing::info!(target: "noex::application", reason = %signal, "stopped while starting");
                // What is up already is stopped in order, and what is being started is given up.
                system.stop().await;
                return ExitCode::SUCCESS;
            }
        };
        drop(starting);
        system.progress().set(Phase::Running);
        tracing::info!(target: "noex::application", "application started");
        if let Some(hook) = self.started.take() {
            hook(&tree);
        }

        let ended = loop {
            match race(signals.next(), tree.exited()).await {
                Won::First(Signal::Reload) => run_hook(&mut self.hooks.reload).await,
                Won::First(signal) => {
                    tracing::info!(target: "noex::application", reason = %signal, "application stopping");
                    break None;
                }
                Won::Second(reason) => break Some(reason),
            }
        };
        match race(
            self.hooks.wind_down(&system, &tree, ended),
            signals.next_end(),
        )
        .await
        {
            Won::First(code) => code,
            Won::Second(signal) => {
                tracing::error!(target: "noex::application", reason = %signal, left = ?system.processes(), "second signal: leaving at once");
                std::process::exit(128 + signal.number());
            }
        }
    }
}

impl Ending {
    async fn wind_down(
        &mut self,
        system: &System,
        tree: &TreeHandle,
        ended: Option<ExitReason>,
    ) -> ExitCode {
        system.progress().set(Phase::Draining);
        run_hook(&mut self.prep_stop).await;
        let clean;
        if let Some(reason) = ended {
            tracing::error!(target: "noex::application", %reason, "the tree ended by itself");
            clean = false;
        } else {
            if tokio::time::timeout(self.drain, system.progress().quiet())
                .await
                .is_err()
            {
                tracing::warn!(target: "noex::application", in_flight = system.progress().in_flight(), "drain time is over; stopping all the same");
            }
            system.progress().set(Phase::Stopping);
            match tokio::time::timeout(self.stop_timeout, tree.stop()).await {
                Ok(Ok(stopped)) => {
                    for child in stopped.unclean() {
                        tracing::warn!(target: "noex::application", child = %child.path, pid = %child.pid, stuck = child.stuck, "child did not stop in time");
                    }
                    clean = stopped.is_clean();
                }
                Ok(Err(error)) => {
                    tracing::error!(target: "noex::application", %error, "the tree did not stop as asked");
                    clean = false;
                }
                Err(_) => {
                    tracing::error!(target: "noex::application", left = ?system.processes(), "the stop took too long; leaving with what is still there");
                    clean = false;
                }
            }
        }
        run_hook(&mut self.stopped).await;
        system.progress().set(Phase::Stopped);
        tracing::info!(target: "noex::application", clean, "application stopped");
        match clean {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }
}

fn not_started(error: &StartError) -> ExitCode {
    tracing::error!(target: "noex::application", %error, "the tree did not start");
    ExitCode::FAILURE
}

fn boxed<F>(mut hook: impl FnMut() -> F + Send + 'static) -> Hook
where
    F: Future<Output = ()> + Send + 'static,
{
    Box::new(move || Box::pin(hook()))
}

async fn run_hook(hook: &mut Option<Hook>) {
    if let Some(hook) = hook {
        hook().await;
    }
}

impl<X: Child> fmt::Debug for Application<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("drain", &self.hooks.drain)
            .field("stop_timeout", &self.hooks.stop_timeout)
            .finish_non_exhaustive()
    }
}
