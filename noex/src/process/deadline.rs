//! Until when somebody waits, in one word.

use crate::clock;
use std::time::Duration;

/// Until when an answer is wanted. A relative one has not been tied to a moment yet: an inline call
/// that answers at once never reads the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deadline(u64);

const RELATIVE: u64 = 1 << 63;

impl Deadline {
    pub(crate) const NEVER: Deadline = Deadline(0);

    pub(crate) fn after(timeout: Duration) -> Self {
        let nanos = u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX);
        if nanos >= RELATIVE {
            return Deadline::NEVER;
        }
        Deadline(RELATIVE | nanos)
    }

    pub(crate) fn until(at: clock::Instant) -> Self {
        Deadline(clock::nanos(at).clamp(1, RELATIVE - 1))
    }

    /// Ties a relative deadline to the present; the sooner of the two counts.
    pub(crate) fn within(self, outer: Deadline) -> Self {
        if outer == Deadline::NEVER {
            return self;
        }
        match (self.at(), outer.at()) {
            (Some(mine), Some(outer)) => Deadline(mine.min(outer)),
            (None, _) => outer,
            (_, None) => self,
        }
    }

    /// The moment in [`clock::nanos`]; a relative deadline begins to run now.
    pub(crate) fn at(self) -> Option<u64> {
        match self.0 {
            0 => None,
            relative if relative & RELATIVE != 0 => Some(
                clock::nanos(clock::now())
                    .saturating_add(relative & !RELATIVE)
                    .min(RELATIVE - 1),
            ),
            at => Some(at),
        }
    }

    pub(crate) fn fixed(self) -> Self {
        self.at().map_or(Deadline::NEVER, Deadline)
    }

    /// Whether it is tied to a moment that is over.
    pub(crate) fn is_over(self, now: impl FnOnce() -> u64) -> bool {
        self.0 != 0 && self.0 & RELATIVE == 0 && self.0 <= now()
    }

    pub(crate) fn to_bits(self) -> u64 {
        self.0
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Deadline(bits)
    }
}
