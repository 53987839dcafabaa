//! One start of an application, as others see it.

use super::ApplicationError;
use super::definition::Definition;
use super::report::StopReport;
use crate::clock::Instant;
use crate::system::System;
use std::sync::Arc;
use tokio::sync::watch;

/// From the start of an application to its end.
pub(super) struct Run {
    pub(super) definition: Arc<Definition>,
    /// The system, as the processes of the application mean it.
    pub(super) scope: System,
    state: watch::Sender<State>,
    order: watch::Sender<Option<Order>>,
}

#[derive(Default)]
struct State {
    started: Option<Result<(), ApplicationError>>,
    ending: bool,
    report: Option<StopReport>,
}

/// How it is to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    /// With the whole program: what is in flight may end until then.
    pub(super) drain_until: Option<Instant>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Starting,
    Up,
    Ending,
}

impl Run {
    pub(super) fn new(definition: Arc<Definition>, system: &System) -> Self {
        Run {
            definition,
            scope: system.scope(),
            state: watch::Sender::default(),
            order: watch::Sender::default(),
        }
    }

    /// The first order counts.
    pub(super) fn stop(&self, order: Order) {
        self.order.send_if_modified(|current| {
            let first = current.is_none();
            current.get_or_insert(order);
            first
        });
    }

    pub(super) fn is_up(&self) {
        self.state.send_modify(|state| state.started = Some(Ok(())));
    }

    pub(super) fn is_ending(&self) {
        self.state.send_modify(|state| state.ending = true);
    }

    /// Whoever waits for the start of one that never was up gets `failure`.
    pub(super) fn is_over(&self, failure: ApplicationError, report: StopReport) {
        self.state.send_modify(|state| {
            state.started.get_or_insert(Err(failure));
            state.report = Some(report);
        });
    }

    pub(super) fn stage(&self) -> Stage {
        let state = self.state.borrow();
        match (&state.started, state.ending || self.order().is_some()) {
            (None, _) => Stage::Starting,
            (Some(Ok(())), false) => Stage::Up,
            (Some(_), _) => Stage::Ending,
        }
    }

    pub(super) fn order(&self) -> Option<Order> {
        *self.order.borrow()
    }

    /// Ready when it has been told to stop.
    pub(super) async fn ordered(&self) {
        let mut order = self.order.subscribe();
        // The sender is ours, so it is there.
        let _ = order.wait_for(Option::is_some).await;
    }

    /// Ready when the start is over.
    pub(super) async fn started(&self) -> Result<(), ApplicationError> {
        let mut state = self.state.subscribe();
        let state = state.wait_for(|state| state.started.is_some()).await;
        let started = state.ok().and_then(|state| state.started.clone());
        started.expect("the sender is there, and it was waited for")
    }

    /// Ready when all of it is over.
    pub(super) async fn over(&self) -> StopReport {
        let mut state = self.state.subscribe();
        let state = state.wait_for(|state| state.report.is_some()).await;
        let report = state.ok().and_then(|state| state.report.clone());
        report.expect("the sender is there, and it was waited for")
    }
}
