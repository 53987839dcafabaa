//! Monitors, links, waiting for the end, and the last steps of a process.

use super::exit::{Down, ExitReason};
use super::extras::{Watcher, WeakProcess};
use super::handle::ProcessArc;
use super::head::{GONE, Head, STARTED};
use super::roll::Roll;
use super::signal::{ChildEvent, ChildSignal, Parent, Signal};
use super::{MonitorRef, fresh_number, wake};
use crate::error::StartError;
use crate::sync::planted;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

impl ProcessArc {
    /// Has this process told, through its ordered queue, of the end of `target`.
    pub(crate) fn monitor(&self, target: &ProcessArc) -> MonitorRef {
        let monitor = MonitorRef(fresh_number());
        self.extras(|e| e.monitors.insert(monitor, WeakProcess::from(target)));
        let watcher = Watcher::Monitor(self.clone());
        if let Err(_gone) = target.extras(|e| e.watch(monitor.0, watcher)) {
            // OTP's answer for a monitor that came too late.
            self.signal(Signal::Down(Box::new(Down {
                monitor,
                process: Some(target.pid()),
                reason: ExitReason::NoProc,
            })));
        }
        monitor
    }

    /// A monitor of nobody: its DOWN comes at once.
    pub(crate) fn monitor_nobody(&self) -> MonitorRef {
        let monitor = MonitorRef(fresh_number());
        self.extras(|e| e.monitors.insert(monitor, WeakProcess::from(self)));
        self.signal(Signal::Down(Box::new(Down {
            monitor,
            process: None,
            reason: ExitReason::NoProc,
        })));
        monitor
    }

    /// Ends a monitor that this process holds; false if it holds no such monitor. A DOWN that is queued already stays,
    /// unless `flush`.
    pub(crate) fn demonitor(&self, monitor: MonitorRef, flush: bool) -> bool {
        let target = self.look(|e| e?.monitors.get(monitor).cloned());
        let Some(target) = target else { return false };
        let in_time = target
            .upgrade()
            .is_some_and(|t| t.extras(|e| e.forget(monitor.0)).is_some());
        if in_time || flush && !planted("demonitor") {
            self.forget_monitor(monitor);
        }
        true
    }

    /// Takes the monitor off the list of those held; false if it was not there.
    pub(super) fn forget_monitor(&self, monitor: MonitorRef) -> bool {
        self.extras(|e| e.monitors.remove(monitor)).is_some()
    }

    /// Links two processes. With a process that is gone, an exit signal `NoProc` is the answer.
    pub(crate) fn link(&self, peer: &ProcessArc) {
        if self.is(peer) {
            return;
        }
        self.add_link(peer);
        if !peer.add_link(self) {
            self.exit_signal(Some(peer.pid()), ExitReason::NoProc, Some(peer.pid()));
        }
    }

    /// False if this process is gone.
    fn add_link(&self, peer: &ProcessArc) -> bool {
        let pid = peer.pid();
        self.extras(|e| {
            if e.gone.is_none() && e.links.get(pid).is_none() {
                e.links.insert(pid, WeakProcess::from(peer));
            }
            e.gone.is_none() || planted("link")
        })
    }

    /// Ends a link. After this no exit signal of that link is received, not even one that is queued.
    pub(crate) fn unlink(&self, peer: &ProcessArc) {
        let theirs = peer.extras(|e| e.links.remove(self.pid()));
        let ours = (!planted("unlink"))
            .then(|| self.extras(|e| e.links.remove(peer.pid())))
            .flatten();
        drop((theirs, ours));
    }

    /// Whether the link over which a signal came still stands; it ends with the signal.
    pub(super) fn use_link(&self, peer: super::Pid) -> bool {
        self.extras(|e| e.links.remove(peer)).is_some()
    }

    pub(crate) fn has_parent(&self) -> bool {
        self.look(|e| e.is_some_and(|e| e.parent.is_some()))
    }

    /// Its supervisor.
    pub(crate) fn parent(&self) -> Option<super::Pid> {
        self.look(|e| Some(e?.parent.as_ref()?.supervisor.pid()))
    }

    pub(crate) fn links(&self) -> Vec<super::Pid> {
        let links = |e: &super::extras::Extras| e.links.iter().map(|(pid, _)| *pid).collect();
        self.look(|e| e.map_or_else(Vec::new, links))
    }

    pub(crate) fn set_parent(&self, parent: Parent) {
        self.extras(|e| e.parent = Some(parent));
    }

    /// Ready when the process is gone.
    pub(crate) fn exited(&self) -> Exited {
        Exited {
            process: self.clone(),
            key: fresh_number(),
            registered: false,
        }
    }

    /// Why the process ended, if it did.
    pub(crate) fn exit_reason(&self) -> Option<ExitReason> {
        self.look(|e| e?.gone.clone())
    }

    /// Ready when init is over.
    pub(crate) fn poll_started(&self, cx: &mut Context<'_>) -> Poll<Result<(), StartError>> {
        if self.has_started() {
            return Poll::Ready(Ok(()));
        }
        let mut waker = Some(cx.waker().clone());
        let polled = self.extras(|e| {
            if let Some(reason) = &e.gone {
                let error = e.start_error.clone();
                return Poll::Ready(Err(error.unwrap_or_else(|| StartError::from_exit(reason))));
            }
            std::mem::swap(&mut e.starter, &mut waker);
            Poll::Pending
        });
        // The one before: dropped where no lock is held.
        drop(waker);
        // Init may have ended before we registered, and found nobody to tell.
        if polled.is_pending() && self.has_started() && !planted("starter") {
            return Poll::Ready(Ok(()));
        }
        polled
    }
}

impl Head {
    /// Init has succeeded.
    pub(crate) fn report_started(&self) {
        self.raise(STARTED);
        let (starter, parent) = if self.look(|e| e.is_some()) {
            self.extras(|e| (e.starter.take(), e.parent.clone()))
        } else {
            return;
        };
        if let Some(parent) = parent {
            parent.tell(ChildEvent::Started);
        }
        if let Some(starter) = starter {
            wake(starter);
        }
    }

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
        let watchers_early = planted("order").then(|| self.end(&reason));
        // 4. Names and keys, timers set by others, monitors held.
        let (claims, posted, monitors) = self.extras(|e| {
            e.departed = true;
            let claims = std::mem::take(&mut e.claims);
            let posted = std::mem::take(&mut e.posted);
            (claims, posted, std::mem::take(&mut e.monitors))
        });
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
        self.system.forget(self.serial());
        // 5. The terminal cell; 6. the supervisor; 7. links and monitors.
        let ended = watchers_early.unwrap_or_else(|| self.end(&reason));
        self.close_debug();
        if let Some(parent) = ended.parent {
            parent.tell(match in_init {
                true => ChildEvent::Failed(ended.start_error),
                false => ChildEvent::Exited(reason.clone()),
            });
        }
        for (pid, peer) in ended.links {
            if let Some(peer) = peer.upgrade() {
                debug_assert_eq!(pid, peer.pid());
                peer.exit_signal(Some(self.pid()), reason.clone(), Some(self.pid()));
            }
        }
        for (key, watcher) in ended.watchers {
            self.tell(key, watcher, &reason);
        }
        if let Some(starter) = ended.starter {
            wake(starter);
        }
    }

    fn end(&self, reason: &ExitReason) -> Ended {
        let ended = self.extras(|e| {
            // Under the lock, so that nobody finds the reason of a process that is alive.
            if !planted("alive") {
                self.raise(GONE);
            }
            Ended {
                watchers: e.end(reason),
                links: std::mem::take(&mut e.links),
                parent: e.parent.take(),
                starter: e.starter.take(),
                start_error: e
                    .start_error
                    .clone()
                    .unwrap_or_else(|| StartError::from_exit(reason)),
            }
        });
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
    links: Roll<super::Pid, WeakProcess>,
    parent: Option<Parent>,
    starter: Option<std::task::Waker>,
    start_error: StartError,
}

impl Parent {
    fn tell(&self, event: ChildEvent) {
        self.supervisor.signal(Signal::Child(Box::new(ChildSignal {
            slot: self.slot,
            incarnation: self.incarnation,
            event,
        })));
    }
}

/// Ready when a process is gone: its names are free and its state is dropped. Yields the reason.
///
/// Cancel safe: dropping it takes the watch off.
#[derive(Debug)]
#[must_use = "waits for nothing unless awaited"]
pub struct Exited {
    process: ProcessArc,
    key: u64,
    registered: bool,
}

impl Future for Exited {
    type Output = ExitReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        let (key, watcher) = (self.key, Watcher::Task(cx.waker().clone()));
        match self.process.extras(|e| e.watch(key, watcher)) {
            Err(reason) => Poll::Ready(reason),
            Ok(old) => {
                self.registered = true;
                drop(old);
                Poll::Pending
            }
        }
    }
}

impl Drop for Exited {
    fn drop(&mut self) {
        if self.registered {
            drop(self.process.extras(|e| e.forget(self.key)));
        }
    }
}
