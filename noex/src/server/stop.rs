//! How a process is stopped from outside.

use super::alarm::Alarm;
use crate::clock;
use crate::error::StopError;
use crate::process::{ExitReason, Exited, ProcessArc, Signal, current};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// An orderly stop: nothing happens before it is awaited; then the process handles what was sent before, runs `terminate` and is gone.
///
/// Waits without limit unless a [`timeout`](Self::timeout) is set; when that passes the process is not killed. Dropping the future does not take the stop back.
#[derive(Debug)]
#[must_use = "nothing is stopped unless awaited"]
pub struct Stop {
    process: Option<ProcessArc>,
    reason: ExitReason,
    limit: Option<Duration>,
    waiting: Option<Wait>,
}

#[derive(Debug)]
struct Wait {
    exited: Exited,
    alarm: Alarm,
    deadline: Option<clock::Instant>,
}

impl Stop {
    pub(crate) fn new(process: Option<ProcessArc>) -> Self {
        Stop {
            process,
            reason: ExitReason::Normal,
            limit: None,
            waiting: None,
        }
    }

    /// The reason to end with; `Normal` if none is given.
    pub fn reason(mut self, reason: ExitReason) -> Self {
        self.reason = reason;
        self
    }

    /// Waits no longer than this.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    fn begin(&self) -> Result<Wait, StopError> {
        let Some(process) = self.process.as_ref().filter(|p| p.is_alive()) else {
            return Err(StopError::NotRunning);
        };
        if current::with(|head| head.is_some_and(|h| h.serial() == process.serial())) {
            return Err(StopError::Itself);
        }
        // When the door is shut already it is stopping, and that is waited for.
        process.signal(Signal::stop(self.reason.clone()));
        let deadline = self.limit.and_then(|l| clock::now().checked_add(l));
        Ok(Wait {
            exited: process.exited(),
            alarm: Alarm::default(),
            deadline,
        })
    }
}

impl Future for Stop {
    /// `Ok` when it ended with the reason asked for.
    type Output = Result<(), StopError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if this.waiting.is_none() {
            this.waiting = Some(this.begin()?);
        }
        let Some(wait) = &mut this.waiting else {
            unreachable!("just set");
        };
        if let Poll::Ready(reason) = Pin::new(&mut wait.exited).poll(cx) {
            return Poll::Ready(match reason == this.reason {
                true => Ok(()),
                false => Err(StopError::Exited(reason)),
            });
        }
        ready!(wait.alarm.poll(cx, wait.deadline));
        Poll::Ready(Err(StopError::Timeout {
            after: this.limit.unwrap_or_default(),
        }))
    }
}
