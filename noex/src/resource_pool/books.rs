//! What a pool has at the moment, and what it has counted.

use super::{AcquireError, ResourcePoolOptions, ResourcePoolStats};
use crate::clock::Instant;
use std::collections::VecDeque;

/// The books of one pool.
pub(super) struct Books<R> {
    /// The one that was used last is the last, and the next to be lent: so those that are not needed stay idle.
    pub(super) idle: VecDeque<Idle<R>>,
    /// Places that are held.
    pub(super) held: usize,
    /// Those of them whose resource is being closed.
    pub(super) closing: usize,
    pub(super) closed: bool,
    /// All but `idle` and `in_use` are kept in here.
    pub(super) counts: ResourcePoolStats,
}

pub(super) struct Idle<R> {
    pub(super) resource: R,
    pub(super) since: Instant,
}

impl<R> Books<R> {
    pub(super) fn new(options: &ResourcePoolOptions) -> Self {
        Books {
            idle: VecDeque::new(),
            held: 0,
            closing: 0,
            closed: false,
            counts: ResourcePoolStats {
                min: options.min,
                max: options.max,
                ..ResourcePoolStats::default()
            },
        }
    }

    /// How many resources there are, or will be soon.
    pub(super) fn open(&self) -> usize {
        self.idle.len() + self.held - self.closing
    }

    pub(super) fn begin_closing(&mut self) {
        self.closing += 1;
        self.counts.closed += 1;
    }

    pub(super) fn note_outcome<T, E>(&mut self, outcome: &Result<T, AcquireError<E>>) {
        match outcome {
            Ok(_) => self.counts.acquired += 1,
            Err(AcquireError::Timeout { .. }) => self.counts.timeouts += 1,
            Err(AcquireError::Full { .. }) => self.counts.refused += 1,
            // An error has been counted where it happened.
            Err(AcquireError::Failed(_) | AcquireError::NotRunning) => {}
        }
    }

    pub(super) fn stats(&self) -> ResourcePoolStats {
        ResourcePoolStats {
            idle: self.idle.len(),
            in_use: self.held,
            ..self.counts
        }
    }
}
