//! Waiting for the end of a process.

use super::exit::ExitReason;
use super::extras::Watcher;
use super::fresh_number;
use super::handle::ProcessArc;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

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

impl ProcessArc {
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
