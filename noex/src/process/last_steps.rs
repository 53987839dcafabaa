//! The last steps of a process: what it holds is given back, then all who wait for its end are told.

use super::exit::{Down, ExitReason};
use super::extras::{Watcher, WeakProcess};
use super::head::{GONE, Head, STARTED};
use super::roll::Roll;
use super::signal::{ChildEvent, Parent, Signal};
use super::{MonitorRef, Pid, wake};
use crate::error::StartError;
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::task::Waker;

impl Head {
    /// The end of the process, unless it has been abandoned: then it had its end before, and now nothing is left of it.
    pub(super) fn depart(&self, reason: ExitReason) {
        match self.claim_end() {
            true => self.last_steps(reason),
            false => self.system.forget_leaked(self.serial()),
        }
    }

    /// The last steps, in the order on which every observer relies.
    pub(super) fn last_steps(&self, reason: ExitReason) {
        let in_init = self.signals() & STARTED == 0;
        let listeners = self.system.listeners();
        let observed = (listeners.are_there() && !in_init)
            .then(|| (self.arc(), self.look(|e| e?.names().next().cloned())));
        let watchers_early = planted("order").then(|| self.end(&reason, in_init));
        if planted("early_report")
            && let Some(parent) = self.extras(|e| e.parent.take())
        {
            parent.tell(ChildEvent::Exited(reason.clone()));
        }
        // 4. Names and keys, timers set by others, monitors held.
        let held = self.extras(|e| {
            e.departed = true;
            let rare = e.rare.as_mut()?;
            let claims = std::mem::take(&mut rare.claims);
            let posted = std::mem::take(&mut rare.posted);
            Some((claims, posted, std::mem::take(&mut rare.monitors)))
        });
        hook(Hook::DeathDeparted);
        if let Some((claims, posted, monitors)) = held {
            for claim in claims {
                claim.release(self);
            }
            for timer in posted.into_values() {
                timer.discard();
            }
            for (monitor, target) in monitors {
                if let Some(target) = target.upgrade() {
                    drop(target.extras(|e| e.forget(monitor.0)));
                }
            }
        }
        if !planted("late_forget") {
            self.system.forget(self.serial());
        }
        // 5. The terminal cell; 6. the supervisor; 7. links and monitors.
        let mut ended = watchers_early.unwrap_or_else(|| self.end(&reason, in_init));
        self.close_debug();
        if planted("late_report") {
            for (key, watcher) in std::mem::take(&mut ended.watchers) {
                self.tell(key, watcher, &reason);
            }
        }
        hook(Hook::DeathGone);
        if let Some(parent) = ended.parent {
            parent.tell(match ended.start_error {
                Some(error) => ChildEvent::Failed(error),
                None => ChildEvent::Exited(reason.clone()),
            });
        }
        hook(Hook::DeathParentTold);
        for (pid, peer) in ended.links.into_iter().flatten() {
            if let Some(peer) = peer.upgrade() {
                debug_assert_eq!(pid, peer.pid());
                peer.exit_signal(Some(self.pid()), reason.clone(), Some(self.pid()));
            }
        }
        hook(Hook::DeathLinksTold);
        for (key, watcher) in ended.watchers {
            self.tell(key, watcher, &reason);
        }
        hook(Hook::DeathTold);
        if planted("late_forget") {
            self.system.forget(self.serial());
        }
        if let Some(starter) = ended.starter {
            wake(starter);
        }
        if let Some((process, name)) = observed {
            listeners.tell_stopped(process, name, &reason);
        }
    }

    fn end(&self, reason: &ExitReason, in_init: bool) -> Ended {
        let early = planted("two_locks").then(|| self.extras(|e| std::mem::take(&mut e.watchers)));
        hook(Hook::DeathReleased);
        let mut ended = self.extras(|e| {
            // Under the lock, so that nobody finds the reason of a process that is alive.
            if !planted("alive") {
                self.raise(GONE);
            }
            Ended {
                watchers: e.end(reason),
                links: e.rare.as_mut().map(|r| std::mem::take(&mut r.links)),
                parent: e.parent.take(),
                starter: e.starter.take(),
                start_error: in_init.then(|| e.why_not_started(reason)),
            }
        });
        ended.watchers = early.unwrap_or(ended.watchers);
        hook(Hook::DeathRecorded);
        if planted("alive") {
            self.raise(GONE);
        }
        ended
    }

    fn tell(&self, key: u64, watcher: Watcher, reason: &ExitReason) {
        match watcher {
            Watcher::Task(waker) => wake(waker),
            Watcher::Monitor(process) => {
                process.signal(Signal::Down(Box::new(Down {
                    monitor: MonitorRef(key),
                    process: Some(self.pid()),
                    reason: reason.clone(),
                })));
            }
        }
    }
}

struct Ended {
    watchers: Roll<u64, Watcher>,
    links: Option<Roll<Pid, WeakProcess>>,
    parent: Option<Parent>,
    starter: Option<Waker>,
    /// For the supervisor, if its init is not over.
    start_error: Option<StartError>,
}
