//! Timers that are set for a process by others. They are the receiver's: its end frees them, that of their setter does not matter.

use super::handle::ProcessArc;
use super::head::Head;
use super::signal::Signal;
use super::wheel::{Armed, Due, Wheel};
use super::{contain, fresh_number};
use crate::clock::{self, Instant};
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A message whose type its receiver knows. Dropping it contains its panic, wherever it lies.
pub(crate) struct Letter(Option<Box<dyn Any + Send>>);

impl Letter {
    pub(crate) fn new<M: Send + 'static>(message: M) -> Self {
        Letter(Some(Box::new(message)))
    }

    pub(crate) fn open<M: 'static>(mut self) -> Option<M> {
        let message = self.0.take()?.downcast().ok()?;
        Some(*message)
    }
}

impl Drop for Letter {
    fn drop(&mut self) {
        let _ = contain(|| drop(self.0.take()));
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").finish_non_exhaustive()
    }
}

/// A letter that waits in its receiver for its time.
#[derive(Debug)]
pub(crate) struct Posted {
    letter: Letter,
    at: Instant,
    armed: Option<Armed>,
}

impl Posted {
    /// Takes the timer off. What is left of its time: zero when it was due.
    pub(super) fn discard(self) -> Duration {
        if let Some(armed) = self.armed {
            armed.cancel();
        }
        self.at.saturating_duration_since(clock::now())
    }
}

impl ProcessArc {
    /// Has this process receive the letter at `at`, or behind what it has been sent up to now if no wheel is given. Returns the timer's
    /// number; `None` when the process is at its end.
    pub(crate) fn post(
        &self,
        letter: Letter,
        at: Instant,
        wheel: Option<Arc<Wheel>>,
    ) -> Option<u64> {
        let number = fresh_number();
        let mut posted = Some(Posted {
            letter,
            at,
            armed: None,
        });
        let mut enter = || {
            self.extras(|e| {
                if !e.departed {
                    let posted = posted.take().map(|posted| (number, posted));
                    e.rare().posted.extend(posted);
                }
            });
            posted.is_none()
        };
        // Before it is armed, so that it is there when it is due.
        let late = planted("late_letter");
        if !late && !enter() {
            return None;
        }
        let Some(wheel) = wheel else {
            self.signal(Signal::Timer(number));
            return Some(number);
        };
        hook(Hook::TimerPosted);
        let armed = Armed::new(wheel, at, Due::Timer(self.downgrade(), number));
        if late {
            hook(Hook::TimerPosted);
            enter();
        }
        let mut armed = Some(armed);
        self.extras(|e| {
            if let Some(posted) = e.rare().posted.get_mut(&number) {
                posted.armed = armed.take();
            }
        });
        // The process has ended meanwhile, or the time was short.
        if let Some(armed) = armed {
            armed.cancel();
        }
        Some(number)
    }

    /// Cancels a posted timer: the time that was left. `None` when it has been handled, or cancelled.
    pub(crate) fn cancel_posted(&self, number: u64) -> Option<Duration> {
        let posted = self.extras(|e| e.rare.as_mut()?.posted.remove(&number))?;
        Some(posted.discard())
    }
}

impl Head {
    /// The letter of a posted timer that is due; `None` when it was cancelled meanwhile.
    pub(crate) fn take_posted(&self, number: u64) -> Option<Letter> {
        let posted = self.extras(|e| e.rare.as_mut()?.posted.remove(&number))?;
        Some(posted.letter)
    }
}
