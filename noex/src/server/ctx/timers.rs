//! The timers a server sets for itself.

use super::Ctx;
use crate::clock::{self, Instant};
use crate::process::wheel::{self, Armed, Due};
use crate::process::{Signal, fresh_number};
use crate::server::{GenServer, Info};
use std::time::Duration;

/// One timer of a server. It dies with its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timer(u64);

pub(super) struct TimerEntry<M> {
    /// Its place in the wheel; none when it was due at once.
    armed: Option<Armed>,
    at: Instant,
    message: TimerMessage<M>,
}

impl<M> TimerEntry<M> {
    pub(super) fn disarm(&self) {
        if let Some(armed) = &self.armed {
            armed.cancel();
        }
    }
}

enum TimerMessage<M> {
    Once(M),
    Every {
        make: Box<dyn Fn() -> M + Send>,
        period: Duration,
    },
}

impl<S: GenServer> Ctx<S> {
    /// Sends `message` to this server after `delay`, up to a millisecond later; with a delay of zero, behind what it has been
    /// sent up to now. The timer dies with the process.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn send_after<T>(&mut self, delay: Duration, message: T) -> Timer
    where
        S: Info<T>,
    {
        self.add_timer(delay, TimerMessage::Once(S::info(message)))
    }

    /// Sends a copy of `message` to this server every `period`, the first after one period. A tick that is due while an
    /// earlier one still waits is left out.
    ///
    /// # Panics
    ///
    /// When `period` is zero, or outside of a tokio runtime.
    pub fn interval<T>(&mut self, period: Duration, message: T) -> Timer
    where
        S: Info<T>,
        T: Clone + Send + 'static,
    {
        assert!(!period.is_zero(), "an interval of zero never pauses");
        let make = Box::new(move || S::info(message.clone()));
        self.add_timer(period, TimerMessage::Every { make, period })
    }

    /// Cancels a timer. The time that was left, zero if its message was due and not handled yet: in either case it will not
    /// arrive. `None` if it has arrived, or was cancelled before.
    pub fn cancel(&mut self, timer: Timer) -> Option<Duration> {
        let entry = self.rare.as_mut()?.timers.remove(&timer.0)?;
        entry.disarm();
        Some(entry.at.saturating_duration_since(clock::now()))
    }

    fn add_timer(&mut self, delay: Duration, message: TimerMessage<S::Message>) -> Timer {
        let id = fresh_number();
        let at = clock::later(clock::now(), delay);
        // What is due at once needs no wheel, which would let later messages overtake it.
        let armed = (!delay.is_zero()).then(|| self.arm(at, id));
        let at_once = armed.is_none();
        let entry = TimerEntry { armed, at, message };
        self.rare().timers.insert(id, entry);
        if at_once {
            self.process().signal(Signal::Timer(id));
        }
        Timer(id)
    }

    pub(super) fn arm(&self, at: Instant, id: u64) -> Armed {
        let due = Due::Timer(self.process().downgrade(), id);
        Armed::new(wheel::needed(), at, due)
    }

    /// The message of a timer that is due; `None` when it was cancelled meanwhile.
    pub(in crate::server) fn take_due(&mut self, id: u64) -> Option<S::Message> {
        let own = self.rare.as_mut().and_then(|r| r.timers.remove(&id));
        let Some(mut entry) = own else {
            return self.cell.head.take_posted(id)?.open();
        };
        match &entry.message {
            TimerMessage::Once(_) => match entry.message {
                TimerMessage::Once(message) => Some(message),
                TimerMessage::Every { .. } => None,
            },
            TimerMessage::Every { make, period } => {
                let message = make();
                let now = clock::now();
                let since_tick =
                    now.saturating_duration_since(entry.at).as_nanos() % period.as_nanos();
                let since_tick = u64::try_from(since_tick).map_or(*period, Duration::from_nanos);
                entry.at = clock::later(now, *period - since_tick);
                entry.armed = Some(self.arm(entry.at, id));
                self.rare().timers.insert(id, entry);
                Some(message)
            }
        }
    }
}
