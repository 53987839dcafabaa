//! A server that monitors and remembers what it was told.

use super::watched::WatchedRef;
use noex::MonitorRef;
use noex::prelude::*;
use tokio::sync::mpsc;

#[derive(Default)]
pub(crate) struct Watcher {
    downs: Vec<Down>,
    /// Told of each DOWN as well.
    report: Option<mpsc::UnboundedSender<Down>>,
}

#[gen_server(mailbox = unbounded)]
impl Watcher {
    #[init]
    pub(crate) fn new(report: Option<mpsc::UnboundedSender<Down>>) -> Self {
        Self {
            downs: vec![],
            report,
        }
    }

    #[call]
    pub(crate) fn watch(&mut self, watched: WatchedRef, cx: &mut Ctx<Self>) -> MonitorRef {
        cx.monitor(&watched)
    }

    #[call]
    pub(crate) fn demonitor(&mut self, monitor: MonitorRef, cx: &mut Ctx<Self>) -> bool {
        cx.demonitor(monitor)
    }

    /// Waits until something else, a DOWN, is queued, and only then ends the monitor.
    #[call]
    pub(crate) async fn demonitor_late(
        &mut self,
        monitor: MonitorRef,
        flush: bool,
        cx: &mut Ctx<Self>,
    ) -> bool {
        while cx.myself().queue_len() == 0 {
            tokio::task::yield_now().await;
        }
        match flush {
            true => cx.demonitor_flush(monitor),
            false => cx.demonitor(monitor),
        }
    }

    #[cast]
    pub(crate) fn crash(&mut self) -> Result<(), String> {
        Err("as told".into())
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        match &self.report {
            Some(report) => drop(report.send(down)),
            None => self.downs.push(down),
        }
    }

    /// What it was told since this was asked last.
    #[call]
    pub(crate) fn downs(&mut self) -> Vec<Down> {
        std::mem::take(&mut self.downs)
    }
}

pub(crate) async fn watcher() -> Result<WatcherRef, StartError> {
    Watcher::start(None).await
}
