//! The end of an application: its hooks, its tree, and everything else that belongs to it, in bounded time.

use super::hook::Hook;
use super::phase::Phase;
use super::report::StopReport;
use super::run::Run;
use crate::clock;
use crate::process::{Address, ExitReason, ProcessArc, Signal, Target, Unclean};
use crate::supervisor::TreeHandle;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::{timeout, timeout_at};

/// How long what was killed may take to be gone, and how long `stopped` may take in any case.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// What an application stands and falls with.
pub(super) struct Root {
    pub(super) target: Target,
    pub(super) process: ProcessArc,
}

impl Root {
    pub(super) fn new(target: Target) -> Option<Self> {
        let process = target.0.resolve()?;
        Some(Root { target, process })
    }
}

/// Ends an application whose tree is up, or has ended by itself.
pub(super) async fn wind_down(run: &Run, root: &Root, report: &mut StopReport) {
    let definition = &*run.definition;
    let mut time = Budget(definition.stop_timeout);
    if let Some(hook) = &definition.prep_stop {
        let done = time.spend(run_hook(hook, root, run)).await;
        note(report, "prep_stop", done);
    }
    if let Some(until) = run.order().and_then(|order| order.drain_until) {
        let progress = run.scope.progress();
        if timeout_at(until, progress.quiet()).await.is_err() {
            tracing::warn!(target: "noex::application", in_flight = progress.in_flight(), "drain time is over; stopping all the same");
        }
        progress.set(Phase::Stopping);
    }
    let shutdown = Signal::stop(ExitReason::Shutdown);
    root.process.signal(shutdown);
    if time.spend(root.process.exited()).await.is_none() {
        note_late(run, &root.process, report).await;
    }
    note_told(&root.process, report);
    sweep(run, report).await;
    report.reason = root.process.exit_reason();
    if let Some(hook) = &definition.stopped {
        let mut time = Budget(time.0.max(GRACE));
        let done = time.spend(run_hook(hook, root, run)).await;
        note(report, "stopped", done);
    }
    run.scope.end_scope();
    sweep(run, report).await;
    tell(report);
}

/// What is left of a time that several steps share.
struct Budget(Duration);

impl Budget {
    /// `None` when the time was not enough.
    async fn spend<F: Future>(&mut self, step: F) -> Option<F::Output> {
        let begun = clock::now();
        let done = timeout(self.0, step).await.ok();
        self.0 = self.0.saturating_sub(begun.elapsed());
        done
    }
}

fn run_hook(
    hook: &Hook,
    root: &Root,
    run: &Run,
) -> impl Future<Output = Result<(), ExitReason>> + use<> {
    hook.run(&root.target, &run.scope)
}

fn note(report: &mut StopReport, hook: &'static str, done: Option<Result<(), ExitReason>>) {
    if let Err(reason) = done.unwrap_or(Err(ExitReason::Killed)) {
        report.failed_hooks.push((hook, reason));
    }
}

/// Time is over for a tree: notes what is still there of it, which will be killed.
pub(super) async fn note_late(run: &Run, root: &ProcessArc, report: &mut StopReport) {
    let name = run.definition.name.to_string();
    let living = run.scope.living_in_scope();
    let found = timeout(GRACE, below(root, name.clone(), &living)).await;
    report.unclean = found.unwrap_or_default();
    if report.unclean.is_empty() {
        report.unclean.push(unclean(name, root));
    }
}

/// Notes what the supervisors of a tree have told of its end.
pub(super) fn note_told(root: &ProcessArc, report: &mut StopReport) {
    let told = root.extras(|e| Some(std::mem::take(&mut e.tree_mut()?.unclean)));
    for process in told.into_iter().flatten() {
        if report.unclean.iter().all(|known| known.pid != process.pid) {
            report.unclean.push(process);
        }
    }
}

/// The children at every level below a supervisor that are still there.
fn below<'a>(
    supervisor: &ProcessArc,
    name: String,
    living: &'a [ProcessArc],
) -> Pin<Box<dyn Future<Output = Vec<Unclean>> + Send + 'a>> {
    let handle = TreeHandle::from(Target(Address::Process(supervisor.clone())));
    Box::pin(async move {
        let mut found = Vec::new();
        let Ok(children) = handle.children().await else {
            return found;
        };
        for child in children {
            let mut processes = living.iter();
            let Some(process) = processes.find(|p| Some(p.pid()) == child.pid) else {
                continue;
            };
            if child.is_supervisor {
                found.extend(below(process, child.id, living).await);
            } else {
                found.push(unclean(format!("{name}/{}", child.id), process));
            }
        }
        found
    })
}

fn unclean(path: String, process: &ProcessArc) -> Unclean {
    Unclean {
        path,
        pid: process.pid(),
        stuck: false,
    }
}

/// Kills whatever of the application is left: processes without a supervisor, and what did not stop in time. Then nothing of it
/// is alive but what is reported as stuck.
pub(super) async fn sweep(run: &Run, report: &mut StopReport) {
    let known = |process: &ProcessArc| report.unclean.iter().any(|u| u.pid == process.pid());
    let mut left = run.scope.living_in_scope();
    // What is stuck has been waited for.
    left.retain(|p| report.stuck().all(|u| u.pid != p.pid()));
    for process in left.iter().filter(|p| !p.has_parent() && !known(p)) {
        tracing::warn!(target: "noex::application", application = %run.definition.name, process = process.describe(), "killed a process without a supervisor that outlived its application");
    }
    let end = clock::now() + GRACE;
    while !left.is_empty() {
        left.iter().for_each(ProcessArc::kill);
        let gone = async {
            for process in &left {
                process.exited().await;
            }
        };
        if timeout_at(end, gone).await.is_err() {
            break;
        }
        left = run.scope.living_in_scope();
        left.retain(|p| report.stuck().all(|u| u.pid != p.pid()));
    }
    let living = run.scope.living_in_scope();
    for process in &mut report.unclean {
        process.stuck = living.iter().any(|p| p.pid() == process.pid);
    }
    // A supervisor waits for those below it: it is not to blame.
    left.retain(ProcessArc::is_alive);
    let all_wait = living.iter().all(ProcessArc::is_supervisor);
    for process in left.iter().filter(|p| all_wait || !p.is_supervisor()) {
        if report.unclean.iter().all(|u| u.pid != process.pid()) {
            report.unclean.push(Unclean {
                stuck: true,
                ..unclean(process.describe(), process)
            });
        }
    }
}

fn tell(report: &StopReport) {
    for Unclean { path, pid, stuck } in &report.unclean {
        tracing::warn!(target: "noex::application", child = %path, %pid, stuck, "child did not stop in time");
    }
    for (hook, reason) in &report.failed_hooks {
        tracing::error!(target: "noex::application", application = %report.application, hook, %reason, "hook failed");
    }
    tracing::info!(target: "noex::application", application = %report.application, clean = report.is_clean(), "application ended");
}
