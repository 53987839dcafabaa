//! One child: its start, its end, and the limits of both.

use super::Driver;
use crate::clock::{self, Instant};
use crate::error::StartError;
use crate::hooks::{Hook, hook};
use crate::process::wheel::{self, Due, Key as TimerKey, Wheel};
use crate::process::{
    ChildEvent, ChildSignal, ExitReason, Parent, Pid, ProcessArc, Shutdown, Signal, Slot,
    SpawnOptions, dispose, fresh_number,
};
use crate::supervisor::ChildSpec;
use crate::supervisor::core::{Incarnation, Key};
use crate::sync::planted;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout_at;

/// How long a killed child may take to be gone before it is reported as stuck.
pub(super) const GRACE: Duration = Duration::from_secs(1);

pub(super) struct Child {
    pub(super) spec: ChildSpec,
    pub(super) slot: Slot,
    pub(super) process: Option<ProcessArc>,
    /// The pid by which others know it: that of its last successful start.
    pub(super) known: Option<Pid>,
    pub(super) incarnation: Option<Incarnation>,
    pub(super) order: Order,
    /// Why the last start failed.
    pub(super) failed: Option<StartError>,
    pub(super) timer: Option<(u64, Arc<Wheel>, TimerKey)>,
    pub(super) restarts: u64,
}

/// What an incarnation has been told, last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    None,
    Stop,
    Kill,
    /// Killed because it did not stop in time.
    KillLate,
    /// The same, and it does not yield. This has been reported.
    Stuck,
}

/// What a timer of the supervisor limits.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    /// A wait before a start.
    Backoff,
    Init(Duration),
    Shutdown,
    Grace,
}

impl Child {
    pub(super) fn new(spec: ChildSpec, slot: Slot) -> Self {
        Child {
            spec,
            slot,
            process: None,
            known: None,
            incarnation: None,
            order: Order::None,
            failed: None,
            timer: None,
            restarts: 0,
        }
    }

    pub(super) fn disarm(&mut self, timers: &mut HashMap<u64, (Incarnation, Limit)>) {
        if let Some((id, wheel, key)) = self.timer.take() {
            wheel.cancel(key);
            timers.remove(&id);
        }
    }

    /// Makes ready for another life; true if it had one.
    fn begin(&mut self, incarnation: Incarnation) -> bool {
        let again = self.incarnation.replace(incarnation).is_some();
        self.restarts += u64::from(again);
        (self.order, self.failed) = (Order::None, None);
        again
    }

    fn shut_down(&self, reason: ExitReason) {
        if let Some(process) = &self.process {
            process.signal(Signal::stop(reason));
        }
    }

    /// Ends it with its supervisor, which was killed. Until when it may go on, if that is limited.
    fn take_along(&self, process: &ProcessArc, now: Instant) -> Option<Instant> {
        if self.spec.is_supervisor() {
            // It kills what is below and limits that.
            process.kill();
            return None;
        }
        if !process.traps_exit() || !process.has_started() {
            process.kill();
            return Some(now);
        }
        process.signal(Signal::stop(ExitReason::Killed));
        match self.spec.policy().shutdown {
            Shutdown::BrutalKill => Some(now),
            Shutdown::After(limit) => now.checked_add(limit),
            Shutdown::Infinity => None,
        }
    }

    /// Has a start given up. A supervisor does that in its own order.
    pub(super) fn give_up_start(&self) {
        match &self.process {
            Some(process) if !self.spec.is_supervisor() => process.abort_init(),
            _ => self.shut_down(ExitReason::Shutdown),
        }
    }
}

impl Driver {
    pub(super) fn start_child(&mut self, incarnation: Incarnation) {
        if let Some(child) = self.children.get_mut(&incarnation.key) {
            let again = child.begin(incarnation);
            self.note_restart(again);
            self.launch(incarnation);
        }
    }

    pub(super) fn start_child_after(&mut self, incarnation: Incarnation, wait: Duration) {
        if let Some(child) = self.children.get_mut(&incarnation.key) {
            let again = child.begin(incarnation);
            self.note_restart(again);
            self.arm(incarnation, wait, Limit::Backoff);
        }
    }

    /// Makes its process.
    pub(super) fn launch(&mut self, incarnation: Incarnation) {
        let (me, system) = (self.me(), self.cell.head.system.clone());
        let supervisor = self.name;
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return;
        };
        let name = child.spec.registered_name().cloned();
        let parent = Parent {
            supervisor: me,
            slot: incarnation.key.0 as usize,
            incarnation: incarnation.number,
        };
        let mut adapt = |options: &mut SpawnOptions| {
            options.parent = Some(parent.clone());
            options.system = Some(system.clone());
            if name.is_some() {
                options.name = name.clone();
            }
        };
        hook(Hook::RestartStarting);
        let started = child.spec.make(&self.slot).and_then(|launch| {
            let limit = launch.init_timeout;
            let process = launch.run(&mut adapt, &child.slot)?;
            Ok((process, limit))
        });
        match started {
            Ok((process, limit)) => {
                let in_init = !process.has_started();
                hook(Hook::RestartLaunched);
                if !planted("late_place") {
                    child.slot.fill(Some(process.clone()));
                }
                let noted = (process.pid(), child.spec.get_id().clone());
                child.process = Some(process);
                self.note_child(incarnation.key, Some(noted));
                if in_init {
                    self.arm(incarnation, limit, Limit::Init(limit));
                }
            }
            Err(error) => {
                tracing::warn!(target: "noex::supervisor", supervisor, child = %child.spec.get_id(), %error, "child did not start");
                self.report_failed(incarnation, error);
            }
        }
    }

    /// Nobody else does where there is no process. In order, as from a process.
    fn report_failed(&self, incarnation: Incarnation, error: StartError) {
        self.me().signal(Signal::Child(Box::new(ChildSignal {
            slot: incarnation.key.0 as usize,
            incarnation: incarnation.number,
            event: ChildEvent::Failed(error),
        })));
    }

    pub(super) fn abort_child(&mut self, incarnation: Incarnation) {
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return;
        };
        child.order = Order::Stop;
        if child.process.is_none() && child.timer.is_some() {
            // It waits for its start.
            child.disarm(&mut self.timers);
            return self.report_failed(incarnation, StartError::Exited(ExitReason::Shutdown));
        }
        child.give_up_start();
        if !child.spec.is_supervisor() {
            return self.arm(incarnation, GRACE, Limit::Grace);
        }
        match child.spec.policy().shutdown {
            Shutdown::BrutalKill => self.kill_child(incarnation),
            Shutdown::After(limit) => self.arm(incarnation, limit, Limit::Shutdown),
            Shutdown::Infinity => {}
        }
    }

    pub(super) fn stop_child(&mut self, incarnation: Incarnation, limit: Option<Duration>) {
        if let Some(child) = self.present(incarnation) {
            child.order = Order::Stop;
            child.shut_down(ExitReason::Shutdown);
        }
        if let Some(limit) = limit {
            self.arm(incarnation, limit, Limit::Shutdown);
        }
    }

    pub(super) fn kill_child(&mut self, incarnation: Incarnation) {
        if let Some(child) = self.present(incarnation) {
            if child.order != Order::KillLate {
                child.order = Order::Kill;
            }
            if let Some(process) = &child.process {
                process.kill();
            }
        }
        self.arm(incarnation, GRACE, Limit::Grace);
    }

    pub(super) fn forget_child(&mut self, key: Key) {
        if let Some(mut child) = self.children.remove(&key) {
            child.disarm(&mut self.timers);
            child.slot.fill(None);
            if let Some(pid) = child.known {
                self.pids.remove(&pid);
            }
            if self.dynamic.is_none() {
                self.ids.remove(child.spec.get_id());
            }
            // What its start holds is the user's.
            let _ = dispose(child);
        }
    }

    /// Ends all children of a supervisor that was killed, and waits until they are gone: those that trap exits
    /// are asked, as by any other exit signal, the others are killed.
    pub(super) async fn take_along(&mut self) {
        let now = clock::now();
        let mut ending = Vec::new();
        for child in self.children.values_mut() {
            child.disarm(&mut self.timers);
            let Some(process) = child.process.take() else {
                continue;
            };
            if child.order == Order::Stuck {
                continue;
            }
            let limit = child.take_along(&process, now);
            ending.push((child.spec.get_id().clone(), process, limit));
        }
        for (id, process, limit) in ending {
            let Some(limit) = limit else {
                process.exited().await;
                continue;
            };
            if timeout_at(limit, process.exited()).await.is_ok() {
                continue;
            }
            process.kill();
            let gone = timeout_at(limit + GRACE, process.exited()).await;
            if gone.is_err() {
                self.stuck(&id, &process);
            }
        }
    }

    pub(super) fn present(&mut self, incarnation: Incarnation) -> Option<&mut Child> {
        let child = self.children.get_mut(&incarnation.key)?;
        (child.incarnation == Some(incarnation)).then_some(child)
    }

    pub(super) fn arm(&mut self, incarnation: Incarnation, after: Duration, limit: Limit) {
        let me = self.me();
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return;
        };
        child.disarm(&mut self.timers);
        let (Some(at), Some(wheel)) = (clock::now().checked_add(after), wheel::of_runtime()) else {
            return;
        };
        let id = fresh_number();
        let key = wheel.add(at, Due::Timer(me.downgrade(), id));
        child.timer = Some((id, wheel, key));
        self.timers.insert(id, (incarnation, limit));
    }
}
