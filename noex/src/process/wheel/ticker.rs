//! The task that turns a wheel.

use super::Wheel;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

pub(super) struct Ticker {
    pub(super) wheel: Arc<Wheel>,
    pub(super) sleep: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Future for Ticker {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            let Some(at) = this.wheel.turn(cx.waker()) else {
                this.sleep = None;
                return Poll::Pending;
            };
            let sleep = match &mut this.sleep {
                Some(sleep) => {
                    sleep.as_mut().reset(at);
                    sleep
                }
                none => none.insert(Box::pin(tokio::time::sleep_until(at))),
            };
            if pin!(sleep.as_mut()).poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}
