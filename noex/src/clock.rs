//! The one clock: monotonic, and tokio's own, so that paused time in tests pauses noex too.

use std::sync::OnceLock;
use std::time::Duration;

pub(crate) use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);

pub(crate) fn now() -> Instant {
    Instant::now()
}

/// This much later, or later than any program runs.
pub(crate) fn later(at: Instant, delay: Duration) -> Instant {
    const AGES: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    at.checked_add(delay).unwrap_or_else(|| at + AGES)
}

/// How long ago the program first looked at the clock, at the start of its first process.
#[cfg(feature = "http")]
pub(crate) fn uptime() -> Duration {
    Duration::from_nanos(nanos(now())).saturating_sub(HOUR)
}

/// A moment as nanoseconds since an arbitrary start, for atomics.
pub(crate) fn nanos(at: Instant) -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    // An hour back, so that no clock of another runtime (which may be paused) is before it.
    let start = START.get_or_init(|| {
        let now = Instant::now();
        now.checked_sub(HOUR).unwrap_or(now)
    });
    u64::try_from(at.saturating_duration_since(*start).as_nanos()).unwrap_or(u64::MAX)
}
