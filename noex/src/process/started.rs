//! Waiting for the end of an init.

use super::handle::ProcessArc;
use super::head::{Head, STARTED};
use super::signal::ChildEvent;
use super::wake;
use crate::error::StartError;
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::task::{Context, Poll};

impl ProcessArc {
    /// Ready when init is over.
    pub(crate) fn poll_started(&self, cx: &mut Context<'_>) -> Poll<Result<(), StartError>> {
        if self.has_started() {
            return Poll::Ready(Ok(()));
        }
        hook(Hook::StartAsking);
        let mut waker = Some(cx.waker().clone());
        let polled = self.extras(|e| {
            if let Some(reason) = &e.gone {
                return Poll::Ready(Err(e.why_not_started(reason)));
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
        let told = || {
            let some = self.look(|e| e.is_some());
            some.then(|| self.extras(|e| (e.starter.take(), e.parent.clone())))
        };
        let early = planted("late_start").then(told);
        hook(Hook::StartDone);
        self.raise(STARTED);
        self.system.listeners().tell_started(self);
        let Some((starter, parent)) = early.unwrap_or_else(told) else {
            return;
        };
        if let Some(parent) = parent {
            parent.tell(ChildEvent::Started);
        }
        if let Some(starter) = starter {
            wake(starter);
        }
    }
}
