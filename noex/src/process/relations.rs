//! Whom a process watches, whom it is linked with, and who supervises it.

use super::exit::{Down, ExitReason};
use super::extras::{Rare, Watcher, WeakProcess};
use super::handle::ProcessArc;
use super::signal::{ChildEvent, ChildSignal, Parent, Signal};
use super::{MonitorRef, Pid, fresh_number};
use crate::hooks::{Hook, hook};
use crate::sync::planted;

impl ProcessArc {
    /// Has this process told, through its ordered queue, of the end of `target`.
    pub(crate) fn monitor(&self, target: &ProcessArc) -> MonitorRef {
        let monitor = MonitorRef(fresh_number());
        self.extras(|e| e.rare().monitors.insert(monitor, WeakProcess::from(target)));
        self.head().expect_wake();
        hook(Hook::MonitorListed);
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
        self.extras(|e| e.rare().monitors.insert(monitor, WeakProcess::from(self)));
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
        let target = self.look(|e| e?.rare.as_ref()?.monitors.get(monitor).cloned());
        let Some(target) = target else { return false };
        hook(Hook::DemonitorFound);
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
        self.extras(|e| e.rare.as_mut()?.monitors.remove(monitor))
            .is_some()
    }

    /// Links two processes. With a process that is gone, an exit signal `NoProc` is the answer.
    pub(crate) fn link(&self, peer: &ProcessArc) {
        if self.is(peer) {
            return;
        }
        self.add_link(peer);
        hook(Hook::LinkHalf);
        if !peer.add_link(self) {
            self.exit_signal(Some(peer.pid()), ExitReason::NoProc, Some(peer.pid()));
        }
    }

    /// False if this process is gone.
    fn add_link(&self, peer: &ProcessArc) -> bool {
        let pid = peer.pid();
        self.extras(|e| {
            if e.gone.is_none() && e.rare().links.get(pid).is_none() {
                e.rare().links.insert(pid, WeakProcess::from(peer));
            }
            e.gone.is_none() || planted("link")
        })
    }

    /// Ends a link. After this no exit signal of that link is received, not even one that is queued.
    pub(crate) fn unlink(&self, peer: &ProcessArc) {
        let theirs = peer.extras(|e| e.rare.as_mut()?.links.remove(self.pid()));
        let ours = (!planted("unlink"))
            .then(|| self.extras(|e| e.rare.as_mut()?.links.remove(peer.pid())))
            .flatten();
        drop((theirs, ours));
    }

    /// Whether the link over which a signal came still stands; it ends with the signal.
    pub(super) fn use_link(&self, peer: Pid) -> bool {
        self.extras(|e| e.rare.as_mut()?.links.remove(peer))
            .is_some()
    }

    pub(crate) fn has_parent(&self) -> bool {
        self.look(|e| e.is_some_and(|e| e.parent.is_some()))
    }

    /// Its supervisor.
    pub(crate) fn parent(&self) -> Option<Pid> {
        self.look(|e| Some(e?.parent.as_ref()?.supervisor.pid()))
    }

    pub(crate) fn links(&self) -> Vec<Pid> {
        let links = |rare: &Rare| rare.links.iter().map(|(pid, _)| *pid).collect();
        self.look(|e| {
            e.and_then(|e| e.rare.as_deref())
                .map_or_else(Vec::new, links)
        })
    }

    pub(crate) fn set_parent(&self, parent: Parent) {
        self.extras(|e| e.parent = Some(parent));
    }
}

impl Parent {
    pub(super) fn tell(&self, event: ChildEvent) {
        self.supervisor.signal(Signal::Child(Box::new(ChildSignal {
            slot: self.slot,
            incarnation: self.incarnation,
            event,
        })));
        hook(Hook::RestartReported);
    }
}
