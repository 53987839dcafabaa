//! How the stop of an application went.

use crate::process::{ExitReason, Name, Unclean};
use std::fmt;

/// How an application was stopped, or what was left of it when it had ended by itself.
///
/// Its text names everything that was not as it should be.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "it may say that something still runs"]
#[non_exhaustive]
pub struct StopReport {
    /// The application.
    pub application: Name,
    /// The reason with which its tree ended; `None` when that is still there.
    pub reason: Option<ExitReason>,
    /// Processes that had to be killed because time was over, and those that are still there.
    pub unclean: Vec<Unclean>,
    /// Hooks that failed, panicked or did not end in time, and how.
    pub failed_hooks: Vec<(&'static str, ExitReason)>,
}

impl StopReport {
    pub(super) fn new(application: &Name) -> Self {
        StopReport {
            application: application.clone(),
            reason: None,
            unclean: Vec::new(),
            failed_hooks: Vec::new(),
        }
    }

    /// Whether its tree ended for a clean reason, all of it is gone, nothing had to be killed because time was over, and every hook
    /// did its work.
    pub fn is_clean(&self) -> bool {
        let ended_well = self.reason.as_ref().is_some_and(ExitReason::is_clean);
        ended_well && self.unclean.is_empty() && self.failed_hooks.is_empty()
    }

    /// What still runs, although it was killed.
    pub fn stuck(&self) -> impl Iterator<Item = &Unclean> {
        self.unclean.iter().filter(|process| process.stuck)
    }
}

impl fmt::Display for StopReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "application `{}`", self.application)?;
        match &self.reason {
            Some(reason) => write!(f, " ended ({reason})")?,
            None => f.write_str(" has not ended")?,
        }
        for Unclean { path, pid, stuck } in &self.unclean {
            let how = match stuck {
                true => "still runs: it was killed and does not yield",
                false => "was killed: it did not stop in time",
            };
            write!(f, "; `{path}` {pid} {how}")?;
        }
        for (hook, reason) in &self.failed_hooks {
            write!(f, "; `{hook}` failed: {reason}")?;
        }
        Ok(())
    }
}
