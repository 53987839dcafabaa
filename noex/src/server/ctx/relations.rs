//! A server's monitors and links.

use super::Ctx;
use crate::process::{ExitReason, MonitorRef, ProcessArc};
use crate::server::{GenServer, Process};

impl<S: GenServer> Ctx<S> {
    /// Watches a process: one `#[info(down)]` will tell of its end. When it is gone already, or the name belongs to nobody, the notice comes at
    /// once with [`ExitReason::NoProc`].
    pub fn monitor<P: GenServer>(&mut self, process: &Process<P>) -> MonitorRef {
        match process.resolve() {
            Some(target) => self.process().monitor(&ProcessArc(target.clone())),
            None => self.process().monitor_nobody(),
        }
    }

    /// Ends a monitor. A notice that is queued already is still delivered. False if this server holds no such monitor.
    pub fn demonitor(&mut self, monitor: MonitorRef) -> bool {
        self.process().demonitor(monitor, false)
    }

    /// Ends a monitor and takes back its notice if that is queued already. False if this server holds no such monitor.
    pub fn demonitor_flush(&mut self, monitor: MonitorRef) -> bool {
        self.process().demonitor(monitor, true)
    }

    /// Links this process and another: when one ends for another reason than `Normal`, so does the other, unless it [traps
    /// exits](Self::trap_exit). Linking twice is linking once. With a process that is gone, an exit signal with
    /// [`ExitReason::NoProc`] is the answer.
    pub fn link<P: GenServer>(&mut self, process: &Process<P>) {
        match process.resolve() {
            Some(peer) => self.process().link(&ProcessArc(peer.clone())),
            None => self.process().exit_signal(None, ExitReason::NoProc, None),
        }
    }

    /// Ends a link. No exit signal of that link arrives after this.
    pub fn unlink<P: GenServer>(&mut self, process: &Process<P>) {
        if let Some(peer) = process.resolve() {
            self.process().unlink(&ProcessArc(peer.clone()));
        }
    }

    /// Whether exit signals sent from now on arrive as messages (`#[info(exit)]`) instead of ending this process.
    pub fn trap_exit(&mut self, on: bool) {
        self.cell.head.trap_exit(on);
    }
}
