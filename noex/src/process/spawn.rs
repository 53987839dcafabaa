//! How a process comes into being.

use super::cell::{Body, Carrier, Cell};
use super::extras::WeakProcess;
use super::handle::ProcessArc;
use super::options::Kind;
use super::signal::Parent;
use super::{Name, current};
use crate::error::StartError;
use crate::system::System;
use crate::task;
use std::sync::Arc;
use tokio::runtime::Handle;

/// What the starter decides.
#[derive(Debug, Default)]
pub(crate) struct SpawnOptions {
    pub(crate) system: Option<System>,
    pub(crate) name: Option<Name>,
    pub(crate) parent: Option<Parent>,
    /// Linked before it runs for the first time.
    pub(crate) link: Option<ProcessArc>,
}

/// Makes a process and lets it begin. Its init may be over when this returns, unless it has a parent.
///
/// The name is registered before init runs, the link and the parent are set before that.
pub(crate) fn spawn<M: Send + 'static>(
    kind: &'static Kind,
    options: SpawnOptions,
    body: impl FnOnce(Arc<Cell<M>>) -> Body,
) -> Result<ProcessArc, StartError> {
    let Ok(runtime) = Handle::try_current() else {
        return Err(StartError::RuntimeGone);
    };
    let system = options.system.unwrap_or_else(System::current);
    let cell = Cell::<M>::new(kind, system.clone(), Some(runtime.id()));
    let process = ProcessArc(cell.clone());
    if let Some(name) = &options.name {
        system.registry().register(name, &process)?;
        process.extras(|e| e.names.push(name.clone()));
    }
    let has_parent = options.parent.is_some();
    if let Some(parent) = options.parent {
        process.set_parent(parent);
    }
    if let Some(peer) = options.link {
        peer.link(&process);
    }
    system.remember(&process);
    cell.set_body(body(cell.clone()));
    // A supervisor has others to look after while a child takes its first steps, which may be long ones.
    let may_run = !has_parent && tokio::task::coop::has_budget_remaining();
    // Before there is a carrier, which would only get in the way. Who wakes it meanwhile may: its first poll is to come.
    if may_run && current::depth() < current::MAX_DEPTH && cell.first_poll().is_ready() {
        return Ok(process);
    }
    task::spawn(&runtime, Carrier(cell));
    Ok(process)
}

impl ProcessArc {
    pub(crate) fn downgrade(&self) -> WeakProcess {
        WeakProcess::from(self)
    }
}
