//! What users may choose about a supervisor.

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
