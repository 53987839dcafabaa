//! What users may choose about a supervisor and its children.

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
}

/// When a child that ended is started again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Restart {
    /// Always, whatever its exit reason.
    #[default]
    Permanent,
    /// Unless its exit was [clean](crate::ExitReason::is_clean).
    Transient,
    /// Never; the supervisor forgets it when it ends.
    Temporary,
}

/// How a child is stopped by its supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// Killed at once: its `terminate` does not run.
    BrutalKill,
    /// Asked to stop, and killed when it is still there after this time.
    After(Duration),
    /// Asked to stop, and waited for as long as it takes. The default of supervisors.
    Infinity,
}

/// The default of workers: five seconds.
impl Default for Shutdown {
    fn default() -> Self {
        Shutdown::After(Duration::from_secs(5))
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
