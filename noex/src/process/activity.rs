//! What a process is doing, for those who look from outside while it does it.
//!
//! Written by the holder of the run lock with plain stores and no look at the clock: who wants to know how long something takes looks
//! twice. Orders nothing, so models need not look at it.

use super::options::Kind;
use super::signal::Signal;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// What a process may be doing; from `HANDLER` on, the handler with that number of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doing(u32);

/// In the order of their numbers.
const NAMES: [&str; 11] = [
    "init",
    "nothing",
    "continuation",
    "down",
    "exit",
    "idle",
    "timer",
    "child",
    "stop",
    "terminate",
    "system message",
];

impl Doing {
    pub(crate) const INIT: Doing = Doing(0);
    pub(crate) const NOTHING: Doing = Doing(1);
    pub(crate) const CONTINUATION: Doing = Doing(2);
    pub(crate) const DOWN: Doing = Doing(3);
    pub(crate) const EXIT: Doing = Doing(4);
    pub(crate) const IDLE: Doing = Doing(5);
    pub(crate) const TIMER: Doing = Doing(6);
    pub(crate) const CHILD: Doing = Doing(7);
    pub(crate) const STOP: Doing = Doing(8);
    pub(crate) const TERMINATE: Doing = Doing(9);
    pub(crate) const SYSTEM_MESSAGE: Doing = Doing(10);
    const HANDLER: u32 = NAMES.len() as u32;

    /// Runs the handler with this number.
    #[inline]
    pub(crate) fn handler(index: usize) -> Self {
        Doing(Self::HANDLER + index as u32)
    }

    pub(super) fn of(signal: &Signal) -> Self {
        match signal {
            Signal::Stop(_) => Doing::STOP,
            Signal::Down(_) => Doing::DOWN,
            Signal::Exit(_) => Doing::EXIT,
            Signal::Timer(_) => Doing::TIMER,
            Signal::Child(_) => Doing::CHILD,
        }
    }

    /// As it is told to users.
    pub(crate) fn name(self, kind: &Kind) -> &'static str {
        let Some(index) = self.0.checked_sub(Self::HANDLER) else {
            return NAMES[self.0 as usize];
        };
        kind.handlers.get(index as usize).unwrap_or(&"message")
    }
}

#[derive(Debug)]
pub(crate) struct Activity {
    /// How often the body has been polled, beyond whole rounds of 2^32.
    polls: AtomicU32,
    doing: AtomicU32,
}

impl Activity {
    /// Of a process that is being born.
    pub(super) fn new() -> Self {
        Activity {
            polls: AtomicU32::new(0),
            doing: AtomicU32::new(Doing::INIT.0),
        }
    }

    #[inline]
    pub(super) fn poll_begins(&self) {
        self.polls
            .store(self.polls.load(Relaxed).wrapping_add(1), Relaxed);
    }

    #[inline]
    pub(crate) fn set(&self, doing: Doing) {
        self.doing.store(doing.0, Relaxed);
    }

    /// How often its body has been polled, the present poll included.
    pub(crate) fn polls(&self) -> u32 {
        self.polls.load(Relaxed)
    }

    pub(crate) fn doing(&self) -> Doing {
        Doing(self.doing.load(Relaxed))
    }
}
