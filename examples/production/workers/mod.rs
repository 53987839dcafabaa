//! What is done about an order after the customer has been answered. The outbox says what; see `store::outbox`.

mod delivery;
mod done;
mod error;
mod invoice;
mod mail;
mod notification;
mod spool;
mod worker;

pub(crate) use done::DoneList;
use error::DeliveryError;
pub(crate) use worker::Worker;

use crate::AppWorkers;

impl AppWorkers {
    /// Tells every worker that there is work. One that does not hear it finds the work a little later.
    pub(crate) fn wake(&self) {
        for worker in [self.email(), self.pdf(), self.notification()] {
            let _ = worker.wake();
        }
    }
}
