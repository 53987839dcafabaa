//! How a process comes into being.

use super::abandon::is_fenced;
use super::cell::{Body, Cell};
use super::exit::ExitReason;
use super::extras::WeakProcess;
use super::handle::ProcessArc;
use super::life::unborn;
use super::options::Kind;
use super::panic::warn_of_abort;
use super::runtime::Runtime;
use super::signal::Parent;
use super::{Name, current};
use crate::error::{RegisterError, StartError};
use crate::hooks::{Hook, hook};
use crate::sync::{Mutex, planted};
use crate::system::System;
use std::fmt;
use std::sync::Arc;

/// What the starter decides.
#[derive(Debug, Default)]
pub(crate) struct SpawnOptions {
    pub(crate) system: Option<System>,
    pub(crate) name: Option<Name>,
    pub(crate) parent: Option<Parent>,
    /// What else it claims before it runs.
    pub(crate) claims: Vec<ClaimAtStart>,
    /// Linked before it runs for the first time.
    pub(crate) link: Option<ProcessArc>,
}

/// Claims something for a process that is about to begin.
pub(crate) struct ClaimAtStart(Mutex<Box<StartClaim>>);

type StartClaim = dyn FnOnce(&ProcessArc) -> Result<(), RegisterError> + Send;

impl ClaimAtStart {
    pub(crate) fn new(
        claim: impl FnOnce(&ProcessArc) -> Result<(), RegisterError> + Send + 'static,
    ) -> Self {
        ClaimAtStart(Mutex::new(Box::new(claim)))
    }
}

impl fmt::Debug for ClaimAtStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimAtStart").finish_non_exhaustive()
    }
}

/// Makes a process and lets it begin. Its init may be over when this returns, unless it has a parent.
///
/// Names and keys are registered before init runs, the link and the parent are set before that. In an application that is over
/// nothing begins.
pub(crate) fn spawn<M: Send + 'static>(
    kind: &'static Kind,
    options: SpawnOptions,
    body: impl FnOnce(Arc<Cell<M>>) -> Body,
) -> Result<ProcessArc, StartError> {
    if is_fenced() {
        return Err(StartError::Exited(ExitReason::Leaked));
    }
    warn_of_abort();
    let runtime = Runtime::here().ok_or(StartError::RuntimeGone)?;
    let system = options.system.unwrap_or_else(System::current);
    let cell = Cell::<M>::new(kind, system.clone(), runtime);
    let process = ProcessArc(cell.clone());
    let mut parent = options.parent;
    let claimed = claim(&process, options.name, options.claims).map_err(StartError::from);
    if let Err(error) = claimed.and_then(|()| system.remember(&process)) {
        // It may have been found already, under what it did get.
        unborn(&cell, error.exit_reason(), Some(error.clone()));
        return Err(error);
    }
    let has_parent = parent.is_some();
    if let Some(parent) = parent.take_if(|_| !planted("late_parent")) {
        process.set_parent(parent);
    }
    if let Some(peer) = options.link {
        peer.link(&process);
    }
    hook(Hook::StartClaimed);
    cell.set_body(body(cell.clone()));
    hook(Hook::StartReady);
    // A supervisor has others to look after while a child takes its first steps, which may be long ones.
    let may_run = !has_parent && tokio::task::coop::has_budget_remaining();
    cell.begin(may_run && current::depth() < current::MAX_DEPTH);
    if let Some(parent) = parent {
        hook(Hook::StartReady);
        process.set_parent(parent);
    }
    Ok(process)
}

fn claim(
    process: &ProcessArc,
    name: Option<Name>,
    others: Vec<ClaimAtStart>,
) -> Result<(), RegisterError> {
    if let Some(name) = &name {
        process.register(name)?;
    }
    let mut others = others.into_iter();
    others.try_for_each(|claim| (claim.0.into_inner())(process))
}

impl ProcessArc {
    pub(crate) fn downgrade(&self) -> WeakProcess {
        WeakProcess::from(self)
    }
}
