//! Which processes a system has: those alive, and those that were abandoned.

use super::System;
use crate::error::StartError;
use crate::hooks::{Hook, hook};
use crate::process::{ExitReason, Pid, ProcessArc, WeakProcess};
use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::{Mutex, MutexGuard, planted};
use std::collections::HashMap;
use std::sync::Arc;

type BySerial = HashMap<u64, WeakProcess, foldhash::fast::FixedState>;

/// One in models, where a process must lie at the same place each time: serial numbers go on from one run to the next.
const SHARDS: usize = if cfg!(noex_loom) { 1 } else { 16 };

#[derive(Default)]
pub(super) struct Table {
    living: [Mutex<BySerial>; SHARDS],
    /// Processes that were abandoned and have not yielded.
    leaked: Mutex<BySerial>,
}

impl Table {
    fn shard(&self, serial: u64) -> MutexGuard<'_, BySerial> {
        self.living[serial as usize % SHARDS].lock()
    }

    fn leaked(&self) -> MutexGuard<'_, BySerial> {
        self.leaked.lock()
    }
}

impl System {
    /// All living processes, in the order of their birth.
    pub fn processes(&self) -> Vec<Pid> {
        let mut pids: Vec<Pid> = self.living().iter().map(ProcessArc::pid).collect();
        pids.sort();
        pids
    }

    /// The processes of this application, which are alive.
    pub(crate) fn living_in_scope(&self) -> Vec<ProcessArc> {
        let mut living = self.living();
        living.retain(|p| Arc::ptr_eq(&p.head().system.0, &self.0));
        living
    }

    pub(crate) fn living(&self) -> Vec<ProcessArc> {
        let shards = self.table().living.iter();
        shards
            .flat_map(|shard| {
                let shard = shard.lock();
                shard
                    .values()
                    .filter_map(WeakProcess::upgrade)
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Takes a process into the table, unless its scope has [ended](Self::end_scope) or its runtime is over.
    pub(crate) fn remember(&self, process: &ProcessArc) -> Result<(), StartError> {
        let serial = process.serial();
        let early = planted("early_look").then(|| self.0.over.load(SeqCst));
        hook(Hook::StartRemembering);
        let mut shard = self.table().shard(serial);
        // Looked at under the lock: whoever lists the living after the end of either finds what got in before.
        if early.unwrap_or_else(|| self.0.over.load(SeqCst)) {
            return Err(StartError::Exited(ExitReason::Shutdown));
        }
        if process.head().runtime.is_over() {
            return Err(StartError::RuntimeGone);
        }
        shard.insert(serial, process.downgrade());
        Ok(())
    }

    pub(crate) fn forget(&self, serial: u64) {
        let gone = self.table().shard(serial).remove(&serial);
        drop(gone);
    }

    /// Processes that were abandoned because they did not yield when killed, and have not yielded since, in the order of their birth. They
    /// are fenced off and belong no longer to the living; a thread of the runtime is still theirs. See [`Stuck`](crate::Stuck).
    pub fn leaked(&self) -> Vec<Pid> {
        let mut pids: Vec<Pid> = self.leaked_arcs().iter().map(ProcessArc::pid).collect();
        pids.sort();
        pids
    }

    pub(crate) fn leaked_arcs(&self) -> Vec<ProcessArc> {
        let leaked = self.table().leaked();
        let there = leaked.values().filter_map(WeakProcess::upgrade);
        // One that was about to end by itself is listed for a moment.
        there.filter(|p| p.head().is_fenced()).collect()
    }

    pub(crate) fn keep_leaked(&self, process: &ProcessArc) {
        let mut leaked = self.table().leaked();
        leaked.insert(process.serial(), process.downgrade());
    }

    pub(crate) fn forget_leaked(&self, serial: u64) {
        let mut leaked = self.table().leaked();
        leaked.remove(&serial);
    }

    fn table(&self) -> &Table {
        &self.0.universe.table
    }
}
