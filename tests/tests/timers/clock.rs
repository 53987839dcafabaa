//! A server that sets timers and notes what comes of them.

use noex::Timer;
use noex::prelude::*;
use std::time::Duration;

/// What its timers bring: a number, and something to hold.
#[derive(Clone)]
pub(crate) struct Chime<T>(pub(crate) u32, pub(crate) T);

#[derive(Default)]
pub(crate) struct Clock {
    chimes: Vec<u32>,
}

#[gen_server(mailbox = unbounded)]
impl Clock {
    #[call]
    pub(crate) fn set(&mut self, delay: Duration, n: u32, cx: &mut Ctx<Self>) -> Timer {
        cx.send_after(delay, Chime(n, ()))
    }

    #[call]
    pub(crate) fn every(&mut self, period: Duration, n: u32, cx: &mut Ctx<Self>) -> Timer {
        cx.interval(period, Chime(n, ()))
    }

    #[call]
    pub(crate) fn cancel(&mut self, timer: Timer, cx: &mut Ctx<Self>) -> Option<Duration> {
        cx.cancel(timer)
    }

    /// Is busy for so long and then cancels.
    #[call]
    pub(crate) async fn cancel_late(
        &mut self,
        timer: Timer,
        late: Duration,
        cx: &mut Ctx<Self>,
    ) -> Option<Duration> {
        tokio::time::sleep(late).await;
        cx.cancel(timer)
    }

    #[call]
    pub(crate) fn set_and_cancel(
        &mut self,
        delay: Duration,
        n: u32,
        cx: &mut Ctx<Self>,
    ) -> Option<Duration> {
        let timer = cx.send_after(delay, Chime(n, ()));
        cx.cancel(timer)
    }

    #[info]
    fn chime(&mut self, chime: Chime<()>) {
        self.chimes.push(chime.0);
    }

    /// What has come since this was asked last.
    #[call]
    pub(crate) fn chimes(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.chimes)
    }
}

pub(crate) fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Nothing has come.
pub(crate) const NONE: [u32; 0] = [];
