//! How many failures a supervisor bears before it gives up.

use std::collections::VecDeque;
use std::time::Duration;

/// A supervisor gives up at more than `max_restarts` failures within any `window`.
///
/// A failure is the abnormal end of a child that has to be restarted, or an attempt to restart one
/// that failed. The restart of a whole group is one. The window slides and is exact; a failure
/// that is exactly one window old still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Intensity {
    /// How many failures are answered by a restart.
    pub max_restarts: u32,
    /// Within what time. Never zero.
    pub window: Duration,
}

/// Three restarts in five seconds.
impl Default for Intensity {
    fn default() -> Self {
        Intensity {
            max_restarts: 3,
            window: Duration::from_secs(5),
        }
    }
}

/// The failures within the last window: never more than `max_restarts + 1` of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct History {
    limit: Intensity,
    failures: VecDeque<Duration>,
}

impl History {
    pub(crate) fn new(limit: Intensity) -> Self {
        History {
            limit,
            failures: VecDeque::new(),
        }
    }

    /// Takes down a failure at `now`; false when it is one too many.
    ///
    /// `now` counts from any fixed moment and does not run backwards.
    pub(crate) fn bears(&mut self, now: Duration) -> bool {
        while let Some(&oldest) = self.failures.front() {
            if now.saturating_sub(oldest) <= self.limit.window {
                break;
            }
            self.failures.pop_front();
        }
        self.failures.push_back(now);
        self.failures.len() <= self.limit.max_restarts as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(5);

    fn history(max_restarts: u32) -> History {
        History::new(Intensity {
            max_restarts,
            window: WINDOW,
        })
    }

    #[test]
    fn in_01_one_more_than_the_limit_is_too_many() {
        let mut history = history(3);
        let borne: Vec<bool> = (0..4)
            .map(|second| history.bears(Duration::from_secs(second)))
            .collect();
        assert_eq!(borne, [true, true, true, false]);
    }

    #[test]
    fn in_02_a_limit_of_zero_bears_nothing() {
        assert!(!history(0).bears(Duration::ZERO));
    }

    #[test]
    fn in_03_the_window_slides_over_single_failures() {
        let mut history = history(2);
        // Two failures astride each boundary of a tumbling window, never three within a sliding one.
        for round in 0..1_000 {
            let at = WINDOW * round + Duration::from_nanos(u64::from(round));
            assert!(history.bears(at), "round {round}");
            assert!(history.bears(at + Duration::from_secs(4)), "round {round}");
            assert!(history.failures.len() <= 3);
        }
        // The oldest expires alone: the other one still counts.
        let mut history = self::history(2);
        assert!(history.bears(Duration::from_secs(0)));
        assert!(history.bears(Duration::from_secs(4)));
        assert!(history.bears(Duration::from_millis(5_001)));
        assert!(!history.bears(Duration::from_millis(5_002)));
    }

    #[test]
    fn in_04_a_failure_exactly_one_window_old_still_counts() {
        let mut at = history(1);
        assert!(at.bears(Duration::from_secs(1)));
        assert!(!at.bears(Duration::from_secs(1) + WINDOW));

        let mut after = history(1);
        assert!(after.bears(Duration::from_secs(1)));
        assert!(after.bears(Duration::from_secs(1) + WINDOW + Duration::from_nanos(1)));
    }

    #[test]
    fn in_06_resolution_is_not_whole_seconds() {
        let mut history = history(1);
        assert!(history.bears(Duration::from_millis(999)));
        assert!(history.bears(Duration::from_millis(999 + 5_001)));
        assert!(!history.bears(Duration::from_millis(999 + 5_001 + 5_000)));
    }
}
