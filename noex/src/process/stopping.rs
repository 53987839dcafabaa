//! How code inside a process learns that it is to end.

use super::current;
use super::handle::ProcessArc;
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Ready when the process that called this has been asked to stop.
///
/// For a `task(..)` child it means that the task wants to finish in its own way: it then has until its shutdown limit. A task that
/// never calls this is dropped at once when it is to stop. Outside of a process it is never ready.
///
/// Call it on the process's own stack; the future may be awaited anywhere.
///
/// ```
/// async fn drain(mut jobs: tokio::sync::mpsc::Receiver<u32>) {
///     let stopping = noex::stopping();
///     # let finish = async {};
///     // take jobs until told to stop, then ..
///     stopping.await;
///     jobs.close();
///     finish.await;
/// }
/// ```
pub fn stopping() -> Stopping {
    let process = current::process();
    if let Some(process) = &process {
        process.extras(|e| e.rare().drains = true);
    }
    Stopping(process)
}

/// The future of [`stopping`]. Cancel safe.
#[derive(Debug)]
#[must_use = "waits for nothing unless awaited"]
pub struct Stopping(Option<ProcessArc>);

impl Future for Stopping {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(process) = &self.0 else {
            return Poll::Pending;
        };
        let waker = cx.waker().clone();
        let early = planted("early_look").then(|| process.head().is_stopping());
        hook(Hook::StopListening);
        // Registered before the flag is looked at: whoever raises it looks at the list afterwards.
        let surplus = process.extras(|e| {
            let listeners = &mut e.rare().stop_listeners;
            if listeners.iter().any(|w| w.will_wake(&waker)) {
                return Some(waker);
            }
            listeners.push(waker);
            None
        });
        drop(surplus);
        if early.unwrap_or_else(|| process.head().is_stopping()) || !process.is_alive() {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}
