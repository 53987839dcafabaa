//! How a server learns that nothing has arrived for a while.

use super::Ctx;
use crate::clock::{self, Instant};
use crate::process::wheel::Armed;
use crate::server::GenServer;

#[derive(Default)]
pub(super) struct Idle {
    since: Option<Instant>,
    pub(super) timer: Option<Armed>,
    /// The notice has been given since the last message.
    told: bool,
}

/// The timer number of the idle notice.
pub(in crate::server) const IDLE: u64 = 0;

impl<S: GenServer> Ctx<S> {
    /// Notes that the server goes to sleep, and sees to it that it learns when it has slept for long.
    pub(in crate::server) fn about_to_sleep(&mut self) {
        let Some(limit) = S::OPTIONS.idle else { return };
        if self.rare().idle.told || self.rare().idle.since.is_some() {
            return;
        }
        let now = clock::now();
        self.rare().idle.since = Some(now);
        if self.rare().idle.timer.is_none() {
            let armed = self.arm(now + limit, IDLE);
            self.rare().idle.timer = Some(armed);
        }
    }

    /// A message has arrived.
    pub(in crate::server) fn not_idle(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.idle.since = None;
            rare.idle.told = false;
        }
    }

    /// The idle timer has fired: whether nothing has arrived for the whole time.
    pub(in crate::server) fn is_idle(&mut self) -> bool {
        let Some(limit) = S::OPTIONS.idle else {
            return false;
        };
        self.rare().idle.timer = None;
        let Some(since) = self.rare().idle.since else {
            return false;
        };
        let now = clock::now();
        if now < since + limit {
            let armed = self.arm(since + limit, IDLE);
            self.rare().idle.timer = Some(armed);
            return false;
        }
        self.rare().idle.told = true;
        self.rare().idle.since = None;
        true
    }
}
