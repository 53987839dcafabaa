//! What is known of the handlers of each type of server: a server that is called for the first time need not prove again what others have.

use super::inline::{TRIAL, averaged};
use super::options::Kind;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The trials of the servers of a system, by their types. Part of no protocol, hence not through `sync`.
#[derive(Debug, Default)]
pub(crate) struct Trials(Mutex<HashMap<usize, Trial, foldhash::fast::FixedState>>);

#[derive(Clone, Copy, Debug, Default)]
struct Trial {
    samples: u32,
    /// In nanoseconds.
    average: u32,
}

impl Trials {
    fn lock(&self) -> MutexGuard<'_, HashMap<usize, Trial, foldhash::fast::FixedState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how long a handler took.
    pub(super) fn add(&self, kind: &'static Kind, nanos: u32) {
        let mut all = self.lock();
        let trial = all.entry(place(kind)).or_default();
        trial.average = averaged(trial.samples, trial.average, nanos);
        trial.samples = trial.samples.saturating_add(1);
    }

    /// How long they take on average, if there are enough samples.
    pub(super) fn outcome(&self, kind: &'static Kind) -> Option<u32> {
        let trial = self.lock().get(&place(kind)).copied();
        trial.filter(|t| t.samples >= TRIAL).map(|t| t.average)
    }
}

/// A kind lies in one place; in two, if the compiler made it twice, and then each has its own trial.
fn place(kind: &'static Kind) -> usize {
    std::ptr::from_ref(kind).addr()
}
