//! What is done about an order after the customer has been answered.
//!
//! A worker that is asked to stop first works through its mailbox: hence its bound, and its long limit for stopping.

mod email;
mod notification;
mod pdf;
mod spool;

pub(crate) use email::Email;
pub(crate) use notification::Notification;
pub(crate) use pdf::Pdf;

use crate::AppWorkers;
use crate::order::Order;
use crate::shared::{Counts, Work};
use noex::prelude::*;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

impl AppWorkers {
    /// Gives an order to every worker and waits for none. In this version a worker that does not take it never sees it.
    pub(crate) fn hand_over(&self, order: &Arc<Order>, work: &Work) {
        accepted(self.email().confirm(order.clone()), &work.email);
        accepted(self.pdf().invoice(order.clone()), &work.pdf);
        accepted(
            self.notification().announce(order.clone()),
            &work.notification,
        );
    }
}

fn accepted<M>(cast: Result<(), CastError<M>>, counts: &Counts) {
    if let Err(error) = cast {
        counts.refused.fetch_add(1, Relaxed);
        tracing::debug!(%error, "a worker refused an order");
    }
}
