//! What users may choose about a supervisor.

use std::time::Duration;

/// Which children are restarted when one of them fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// Only the one that failed.
    #[default]
    OneForOne,
    /// All of them: stopped in reverse order, then started in order.
    OneForAll,
    /// The one that failed and those started after it: stopped in reverse order, then started in order.
    RestForOne,
    /// The one that failed and those that need it, directly or through others: stopped in reverse order, then
    /// started in order. Who ends cleanly is started again alone, if at all.
    ///
    /// What a child needs is what it takes as arguments in `supervisor!`, else what
    /// [`ChildSpec::needs`](super::ChildSpec::needs) says.
    Dependents,
}

impl Strategy {
    /// As it is written in `supervisor!`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Strategy::OneForOne => "one_for_one",
            Strategy::OneForAll => "one_for_all",
            Strategy::RestForOne => "rest_for_one",
            Strategy::Dependents => "dependents",
        }
    }
}

/// How long a supervisor waits before it starts a child again that failed. Without one it does not wait.
///
/// The waits double from `first` to `longest`, and begin anew once the child has been up for `longest`. Each failure counts for the
/// [`Intensity`](super::Intensity) all the same; waits only spread them over time.
///
/// ```
/// use noex::supervisor::Backoff;
/// use std::time::Duration;
///
/// let backoff = Backoff::doubling(Duration::from_millis(100), Duration::from_secs(30));
/// assert_eq!(backoff.first * 300, backoff.longest);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    /// Before the first restart.
    pub first: Duration,
    /// What no wait exceeds.
    pub longest: Duration,
}

impl Backoff {
    /// The same wait before each restart.
    pub const fn constant(wait: Duration) -> Self {
        Backoff::doubling(wait, wait)
    }

    /// Waits that double from `first` to `longest`.
    pub const fn doubling(first: Duration, longest: Duration) -> Self {
        Backoff { first, longest }
    }

    /// The wait after this many failures in a row, the last one included.
    pub(crate) fn wait(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }
}

/// Whether a supervisor ends when its significant children have ended by themselves.
///
/// A child that is restarted, or that was stopped by the supervisor, has not ended by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AutoShutdown {
    /// It does not; no child may be significant then.
    #[default]
    Never,
    /// It ends when the first significant child ends.
    AnySignificant,
    /// It ends when the last significant child ends.
    AllSignificant,
}
