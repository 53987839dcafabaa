//! What comes back: the reports of children, and limits that have passed.

use super::Driver;
use super::child::{GRACE, Limit, Order};
use crate::error::StartError;
use crate::hooks::{Hook, hook};
use crate::observer::ObserverEvent;
use crate::process::{
    ChildEvent, ChildSignal, ExitReason, Flow, ProcessArc, Restart, Stuck, Unclean,
};
use crate::supervisor::core::{Event, Incarnation, Key};
use crate::sync::planted;
use crate::task;
use std::collections::BTreeMap;

impl Driver {
    pub(super) fn told(&mut self, signal: ChildSignal) -> Flow {
        let incarnation = Incarnation {
            key: Key(u32::try_from(signal.slot).unwrap_or(u32::MAX)),
            number: signal.incarnation,
        };
        let supervisor = self.name;
        let timers = &mut self.timers;
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return Flow::Go;
        };
        if child.incarnation != Some(incarnation) {
            return Flow::Go;
        }
        // Its runtime is ours too, and is about to let go of us: there is nothing to be repaired.
        let unborn = matches!(signal.event, ChildEvent::Failed(StartError::RuntimeGone));
        let orphaned = matches!(signal.event, ChildEvent::Exited(ExitReason::RuntimeGone));
        if (unborn || orphaned) && task::is_refused() {
            return Flow::Go;
        }
        hook(Hook::RestartTold);
        child.disarm(timers);
        let id = &**child.spec.get_id();
        let event = match signal.event {
            ChildEvent::Started => {
                tracing::debug!(target: "noex::supervisor", supervisor, child = id, restarts = child.restarts, "child started");
                if child.spec.restart_type() == Restart::Temporary {
                    child.spec.spend();
                }
                if self.dynamic.is_some()
                    && let Some(process) = &child.process
                {
                    let before = child.known.replace(process.pid());
                    before.map(|before| self.pids.remove(&before));
                    self.pids.insert(process.pid(), incarnation.key);
                }
                child.order = Order::None;
                let process = child.process.as_ref().filter(|_| child.restarts > 0);
                self.cell.head.system.listeners().tell(|| {
                    Some(ObserverEvent::ChildRestarted {
                        supervisor: self.cell.head.pid(),
                        child: child.spec.get_id().to_string(),
                        id: process?.pid(),
                        restarts: child.restarts,
                    })
                });
                Event::Started(incarnation)
            }
            ChildEvent::Failed(StartError::Ignored) => {
                child.process = None;
                self.note_child(incarnation.key, None);
                Event::Ignored(incarnation)
            }
            ChildEvent::Failed(error) => {
                if child.process.take().is_some()
                    && matches!(child.order, Order::None | Order::Stuck)
                {
                    tracing::warn!(target: "noex::supervisor", supervisor, child = id, %error, "child did not start");
                }
                child.failed = Some(error);
                self.note_child(incarnation.key, None);
                Event::Failed(incarnation)
            }
            ChildEvent::Exited(reason) => {
                let clean = reason.is_clean();
                self.note_child(incarnation.key, None);
                self.ended(incarnation, &reason);
                Event::Exited {
                    child: incarnation,
                    clean,
                }
            }
        };
        let flow = self.feed(event);
        if planted("late_place") {
            hook(Hook::RestartLaunched);
            let child = self.children.get(&incarnation.key);
            child.inspect(|c| c.slot.fill(c.process.clone()));
        }
        flow
    }

    /// Tells of the end of a child, as far as it is not what was ordered.
    fn ended(&mut self, incarnation: Incarnation, reason: &ExitReason) {
        let (supervisor, closing) = (self.name, self.core.is_closing());
        let grouped = closing && self.dynamic.is_some();
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return;
        };
        let id = &**child.spec.get_id();
        let permanent = child.spec.restart_type() == Restart::Permanent;
        let ordered = match reason {
            ExitReason::Shutdown => true,
            ExitReason::Killed => child.order != Order::Stop,
            reason => reason.is_clean() && !permanent,
        };
        match child.order {
            Order::KillLate if grouped => self.oddities.note("did not stop in time"),
            Order::Stop | Order::Kill if !ordered && grouped => self.oddities.note(reason),
            Order::KillLate => {
                tracing::warn!(target: "noex::supervisor", supervisor, child = id, "child was killed: it did not stop in time");
            }
            Order::Stop | Order::Kill if !ordered => {
                tracing::warn!(target: "noex::supervisor", supervisor, child = id, %reason, "child ended otherwise than it was told to");
            }
            _ => {
                tracing::debug!(target: "noex::supervisor", supervisor, child = id, %reason, "child ended");
            }
        }
        let late = matches!(child.order, Order::KillLate | Order::Stuck);
        let Some(process) = child.process.take().filter(|_| closing) else {
            return;
        };
        let below = process.extras(|e| Some(std::mem::take(&mut e.tree_mut()?.unclean)));
        let child = late.then(|| Unclean {
            path: format!("{supervisor}/{id}"),
            pid: process.pid(),
            stuck: *reason == ExitReason::Leaked,
        });
        self.note_unclean(below.into_iter().flatten().chain(child));
    }

    pub(super) fn timer(&mut self, id: u64) -> Flow {
        let Some((incarnation, limit)) = self.timers.remove(&id) else {
            return Flow::Go;
        };
        let Some(child) = self.present(incarnation) else {
            return Flow::Go;
        };
        child.timer = None;
        match limit {
            Limit::Backoff => {
                self.launch(incarnation);
                Flow::Go
            }
            Limit::Init(after) => {
                if let Some(process) = &child.process {
                    process.extras(|e| e.fail_start(StartError::Timeout { after }));
                }
                child.give_up_start();
                if !child.spec.is_supervisor() {
                    self.arm(incarnation, GRACE, Limit::Grace);
                }
                Flow::Go
            }
            Limit::Shutdown => {
                child.order = Order::KillLate;
                self.feed(Event::Expired(incarnation))
            }
            Limit::Grace => {
                child.order = Order::Stuck;
                let id = child.spec.get_id().clone();
                let process = child.process.clone();
                match process.is_some_and(|process| self.stuck(&id, &process)) {
                    // Its end is on its way.
                    true => Flow::Go,
                    false => self.feed(Event::Stuck(incarnation)),
                }
            }
        }
    }

    /// A child was told to go at once and has not, for [`GRACE`]. True if it is gone now, for all but itself.
    pub(super) fn stuck(&self, id: &str, process: &ProcessArc) -> bool {
        let (supervisor, pid, head) = (self.name, process.pid(), process.head());
        let handler = head.activity.doing().name(head.kind);
        let at_least = head.handling_for().unwrap_or_default().max(GRACE);
        let policy = head.kind.options.stuck;
        tracing::error!(target: "noex::supervisor", supervisor, child = id, %pid, server = head.kind.type_name, handler, ?at_least, ?policy, "child is stuck: it was killed and does not yield");
        match policy {
            Stuck::Wait => false,
            Stuck::Abandon => {
                process.abandon();
                true
            }
            Stuck::Abort => {
                // Whoever reads the log may not read it in time.
                eprintln!(
                    "noex: {supervisor}/{id} ({pid}) is stuck in `{handler}`; aborting, as its option `stuck` says"
                );
                std::process::abort();
            }
        }
    }

    /// Those who are left when the supervisor ends.
    pub(super) fn note_stuck(&self) {
        let supervisor = self.name;
        let stuck = self.children.values().filter(|c| c.order == Order::Stuck);
        self.note_unclean(stuck.filter_map(|child| {
            Some(Unclean {
                path: format!("{supervisor}/{}", child.spec.get_id()),
                pid: child.process.as_ref()?.pid(),
                stuck: true,
            })
        }));
    }
}

/// How children of a dynamic supervisor ended that did not end as they were told to when it did: so many that one
/// report for each would say less.
#[derive(Debug, Default)]
pub(super) struct Oddities(BTreeMap<String, usize>);

impl Oddities {
    fn note(&mut self, how: impl ToString) {
        *self.0.entry(how.to_string()).or_default() += 1;
    }

    pub(super) fn report(&mut self, supervisor: &'static str) {
        for (reason, children) in std::mem::take(&mut self.0) {
            tracing::warn!(target: "noex::supervisor", supervisor, children, %reason, "children ended otherwise than they were told to");
        }
    }
}
