//! The worker that tells other systems.

use super::spool::Spool;
use crate::order::Order;
use crate::shared::Shared;
use noex::prelude::*;
use serde_json::json;
use std::io;
use std::sync::Arc;

/// Puts a notice for other systems into its spool folder.
#[derive(Debug)]
pub(crate) struct Notification {
    spool: Spool,
}

#[gen_server(mailbox = 10_000, shutdown = 30s)]
impl Notification {
    #[init]
    pub(crate) async fn open(shared: Arc<Shared>) -> io::Result<Self> {
        let folder = shared.settings.spool("notification");
        let counts = shared.work.notification.clone();
        Ok(Self {
            spool: Spool::open(folder, "json", counts).await?,
        })
    }

    /// Announces an order.
    #[cast]
    pub(crate) async fn announce(&mut self, order: Arc<Order>) {
        self.spool.write(order.id, notice(&order)).await;
    }

    /// Answers: for the judge.
    #[call]
    pub(crate) fn ping(&self) {}

    /// Panics: for the judge.
    #[cast]
    pub(crate) fn crash(&mut self) {
        panic!("a planted panic");
    }
}

fn notice(order: &Order) -> String {
    json!({ "event": "order_created", "order": order }).to_string()
}
