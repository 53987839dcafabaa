//! The life of an application: start, phases, and its end, ordered or its own.

use super::ApplicationError;
use super::controller::{Applications, Cause};
use super::report::StopReport;
use super::run::Run;
use super::stopping::{Root, note_late, note_told, sweep, wind_down};
use crate::error::StartError;
use crate::process::{ExitReason, ProcessArc, Restart, Signal};
use crate::race::{Won, race};
use crate::server::{Start, Untyped};
use std::sync::Arc;
use tokio::time::timeout;

/// Lives one start of an application. Others wait for what it tells; nobody holds it.
pub(super) async fn live(run: Arc<Run>, applications: Applications) {
    let mut report = StopReport::new(&run.definition.name);
    report.reason = Some(ExitReason::RuntimeGone);
    let mut ending = Ending {
        started: Err(failed(&run, StartError::RuntimeGone)),
        report,
        run,
        applications,
    };
    ending.live().await;
}

/// Tells of the end when it is dropped, be it because the runtime is.
struct Ending {
    started: Result<(), ApplicationError>,
    report: StopReport,
    run: Arc<Run>,
    applications: Applications,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let name = &self.run.definition.name;
        let failure = std::mem::replace(&mut self.started, Ok(())).err();
        let failure = failure.unwrap_or_else(|| ApplicationError::NotRunning(name.clone()));
        // Forgotten first: who learns of the end may start it again.
        self.applications.forget(&self.run);
        self.run.is_over(failure, self.report.clone());
    }
}

impl Ending {
    async fn live(&mut self) {
        let run = &*self.run;
        let mut report = StopReport::new(&run.definition.name);
        let root = match run.start_tree(&mut report).await {
            Ok(root) => root,
            Err(error) => {
                run.scope.end_scope();
                sweep(run, &mut report).await;
                tell_failure(&error);
                report.reason = Some(ExitReason::Shutdown);
                (self.started, self.report) = (Err(error), report);
                return;
            }
        };
        self.started = run.start_phases(&root).await;
        match &self.started {
            Ok(()) => run.attend(&root, &self.applications).await,
            Err(error) => tell_failure(error),
        }
        wind_down(run, &root, &mut report).await;
        self.report = report;
    }
}

fn tell_failure(error: &ApplicationError) {
    tracing::warn!(target: "noex::application", %error, "application did not start");
}

impl Run {
    /// Runs until it is to stop, or has ended by itself.
    async fn attend(&self, root: &Root, applications: &Applications) {
        let name = &self.definition.name;
        self.is_up();
        tracing::info!(target: "noex::application", application = %name, "application started");
        if let Won::Second(reason) = race(self.ordered(), root.process.exited()).await {
            self.is_ending();
            self.tell_end(&reason, applications);
        }
    }

    async fn start_tree(&self, report: &mut StopReport) -> Result<Root, ApplicationError> {
        let start = self.definition.begin();
        let start = start.map_err(|error| failed(self, error))?;
        let mut starting = start.system(&self.scope);
        let target = match race(&mut starting, self.ordered()).await {
            Won::First(started) => started.map_err(|error| failed(self, error))?,
            Won::Second(()) => {
                let process = give_up(&starting).ok_or_else(|| self.cancelled())?;
                let late = timeout(self.definition.stop_timeout, &mut starting).await;
                if late.is_err() {
                    note_late(self, &process, report).await;
                }
                note_told(&process, report);
                // Dropping a start kills what is not up yet.
                late.ok()
                    .and_then(Result::ok)
                    .ok_or_else(|| self.cancelled())?
            }
        };
        Root::new(target).ok_or_else(|| failed(self, StartError::Exited(ExitReason::NoProc)))
    }

    async fn start_phases(&self, root: &Root) -> Result<(), ApplicationError> {
        for (phase, hook) in &self.definition.start_phases {
            let hook = hook.run(&root.target, &self.scope);
            let done = race(root.process.exited(), hook);
            match race(self.ordered(), done).await {
                Won::First(()) => return Err(self.cancelled()),
                Won::Second(Won::First(reason)) => {
                    return Err(failed(self, StartError::Exited(reason)));
                }
                Won::Second(Won::Second(outcome)) => {
                    outcome.map_err(|reason| ApplicationError::PhaseFailed {
                        application: self.definition.name.clone(),
                        phase,
                        reason,
                    })?;
                }
            }
        }
        match self.order() {
            Some(_) => Err(self.cancelled()),
            None => Ok(()),
        }
    }

    fn cancelled(&self) -> ApplicationError {
        ApplicationError::Cancelled(self.definition.name.clone())
    }

    /// It has ended by itself.
    fn tell_end(&self, reason: &ExitReason, applications: &Applications) {
        let name = &self.definition.name;
        let ends_program = match self.definition.restart {
            Restart::Permanent => true,
            Restart::Transient => *reason != ExitReason::Normal,
            Restart::Temporary => false,
        };
        if ends_program {
            tracing::error!(target: "noex::application", application = %name, %reason, "application ended by itself: the program stops");
            applications.close(Cause::Ended);
        } else {
            tracing::warn!(target: "noex::application", application = %name, %reason, "application ended by itself");
        }
    }
}

/// Has a tree that is being started stop in its own order what is up already, and gives up everything else.
fn give_up(starting: &Start<Untyped>) -> Option<ProcessArc> {
    let process = starting.process()?;
    match process.is_supervisor() {
        true => drop(process.signal(Signal::stop(ExitReason::Shutdown))),
        false => process.abort_init(),
    }
    Some(process.clone())
}

fn failed(run: &Run, error: StartError) -> ApplicationError {
    ApplicationError::Failed {
        application: run.definition.name.clone(),
        error,
    }
}
