//! A moment that a future waits for beside something else.

use crate::clock::{self, Instant};
use crate::process::wheel::{self, Due, Key, Wheel};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// A deadline armed on the runtime's wheel, when the first poll has to wait.
#[derive(Debug, Default)]
pub(super) struct Alarm(Option<(Arc<Wheel>, Key, Waker)>);

impl Alarm {
    /// Ready when the deadline has passed.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, deadline: Option<Instant>) -> Poll<()> {
        let Some(at) = deadline else {
            return Poll::Pending;
        };
        if let Some((wheel, key, waker)) = &self.0 {
            if !wheel.holds(*key) && clock::now() >= at {
                return Poll::Ready(());
            }
            if wheel.holds(*key) && waker.will_wake(cx.waker()) {
                return Poll::Pending;
            }
            self.cancel();
        }
        if clock::now() >= at {
            return Poll::Ready(());
        }
        if let Some(wheel) = wheel::of_runtime() {
            let key = wheel.add(at, Due::Wake(cx.waker().clone()));
            self.0 = Some((wheel, key, cx.waker().clone()));
        }
        Poll::Pending
    }

    pub(super) fn cancel(&mut self) {
        if let Some((wheel, key, _)) = self.0.take() {
            wheel.cancel(key);
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.cancel();
    }
}
