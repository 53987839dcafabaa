//! Whether a process has a carrier, and who gives it one.
//!
//! A process has no task of tokio's before something wakes it. The first who does gives it its carrier; while its starter still has it in
//! hand, the starter does that for them. When its runtime is over, nobody does any more, and it is ended.

use super::head::Head;
use crate::hooks::{Hook, hook};
use crate::sync::atomic::{AtomicU8, Ordering::*};
use crate::sync::planted;

/// Its starter is done with it.
const BEGUN: u8 = 1;
/// It has a carrier, or will have one at once.
const CARRIED: u8 = 2;
/// Its runtime is over.
const RUNTIME_OVER: u8 = 4;

/// What is decided about the carrier: one word, so that of all who turn something on each knows what was on before.
#[derive(Debug)]
pub(super) struct Carriage(AtomicU8);

/// What is to be done for a process.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Need {
    Nothing,
    /// To give it a carrier.
    Carrier,
    /// To end it.
    End,
}

impl Carriage {
    pub(super) fn new() -> Self {
        Carriage(AtomicU8::new(0))
    }

    fn raise(&self, bits: u8) -> u8 {
        self.0.fetch_or(bits, AcqRel)
    }

    /// Its starter is done with it. One that it has run needs no carrier before something wakes it.
    pub(super) fn begin(&self, has_run: bool) -> Need {
        let before = self.raise(if has_run { BEGUN } else { BEGUN | CARRIED });
        let woken = before & CARRIED != 0 && !planted("deaf_starter");
        if woken || !has_run {
            Need::Carrier
        } else if before & RUNTIME_OVER != 0 && !planted("blind_starter") {
            Need::End
        } else {
            Need::Nothing
        }
    }

    /// Nothing has woken it since its starter was done with it.
    pub(super) fn is_alone(&self) -> bool {
        self.0.load(Acquire) == BEGUN
    }

    fn is_carried(&self) -> bool {
        self.0.load(Relaxed) & CARRIED != 0
    }

    /// Something wakes it, and its carrier has not been polled. If it has one, that poll is to come.
    fn wake(&self) -> Need {
        let early = planted("two_carriers").then(|| self.0.load(Acquire));
        let before = self.raise(CARRIED);
        match early.unwrap_or(before) {
            BEGUN => Need::Carrier,
            _ => Need::Nothing,
        }
    }

    /// Its runtime is over.
    pub(super) fn end_runtime(&self) -> Need {
        match self.raise(RUNTIME_OVER) & (BEGUN | CARRIED) {
            BEGUN => Need::End,
            _ => Need::Nothing,
        }
    }
}

impl Head {
    /// Sees to it that the carrier looks at the process.
    pub(crate) fn wake(&self) {
        if !self.wake_carrier() {
            self.want_carrier();
        }
    }

    /// The process is going to be woken, perhaps with many others at once: it has its carrier by then.
    pub(super) fn expect_wake(&self) {
        if !self.carriage.is_carried() {
            self.want_carrier();
        }
    }

    #[cold]
    fn want_carrier(&self) {
        let need = self.carriage.wake();
        hook(Hook::CarrierWanted);
        if need == Need::Carrier
            && let Some(me) = self.arc()
        {
            me.carry();
        }
    }
}
