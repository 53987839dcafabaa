//! How work is done: into the spool, or out of the house.

use super::mail::{self, Smtp};
use super::notification::{self, Webhook};
use super::spool::Spool;
use super::{DeliveryError, DoneList, invoice};
use crate::config::Settings;
use crate::order::{Order, Work};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

/// After so long the orders that are left must wait for the next look: others want a word with the worker too.
const SLICE: Duration = Duration::from_secs(1);
/// Orders that are on their way to a server together, each over a connection of its own.
pub(super) const AT_ONCE: usize = 16;

#[derive(Debug)]
pub(super) enum Delivery {
    Spool(Spool),
    Smtp(Smtp),
    Webhook(Webhook),
}

/// How far it came.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// So many orders; which is in the list of those that are done.
    pub(super) done: usize,
    /// Orders that failed alone, the others may go well.
    pub(super) refused: Vec<(Uuid, DeliveryError)>,
    /// Nothing goes well at present; the orders named nowhere here are as they were.
    pub(super) failed: Option<DeliveryError>,
}

impl Delivery {
    /// As the settings want it.
    pub(super) fn of(work: Work, settings: &Arc<Settings>) -> Self {
        let spool = |extension, content| {
            let folder = settings.spool(work.name());
            Delivery::Spool(Spool::new(folder, extension, settings.clone(), content))
        };
        match (work, &settings.smtp, &settings.webhook) {
            (Work::Email, Some(server), _) => Delivery::Smtp(Smtp::new(server, settings)),
            (Work::Email, None, _) => spool("eml", mail::file),
            (Work::Pdf, ..) => spool("pdf", |order, _| Ok(invoice::pdf(order))),
            (Work::Notification, _, Some(server)) => {
                Delivery::Webhook(Webhook::new(server.clone(), settings.webhook_timeout))
            }
            (Work::Notification, _, None) => {
                spool("json", |order, _| Ok(notification::notice(order)))
            }
        }
    }

    /// Works on these orders, until one fails for a reason that concerns all, or for as long as one look may take.
    pub(super) async fn deliver(&self, orders: Vec<Order>, done: &DoneList) -> Delivered {
        if orders.is_empty() {
            return Delivered::default();
        }
        match self {
            Delivery::Spool(spool) => spool.write(orders, done.clone()).await,
            Delivery::Smtp(smtp) => {
                let smtp = smtp.clone();
                some_at_once(orders, done, move |order| {
                    let smtp = smtp.clone();
                    async move { smtp.send(&order).await }
                })
                .await
            }
            Delivery::Webhook(webhook) => {
                let webhook = webhook.clone();
                some_at_once(orders, done, move |order| {
                    let webhook = webhook.clone();
                    async move { webhook.post(&order).await }
                })
                .await
            }
        }
    }
}

/// What is sent spends its time waiting for the other side.
async fn some_at_once<F>(
    orders: Vec<Order>,
    done: &DoneList,
    send: impl Fn(Order) -> F,
) -> Delivered
where
    F: Future<Output = Result<(), DeliveryError>> + Send + 'static,
{
    let began = Instant::now();
    let mut delivered = Delivered::default();
    let mut orders = orders.into_iter().peekable();
    while orders.peek().is_some() && delivered.failed.is_none() && began.elapsed() < SLICE {
        let mut sending = JoinSet::new();
        for order in orders.by_ref().take(AT_ONCE) {
            let (id, done, sent) = (order.id, done.clone(), send(order));
            sending.spawn(async move {
                let sent = sent.await;
                // In the same step, so that no crash comes between.
                if sent.is_ok() {
                    done.add(id);
                }
                (id, sent)
            });
        }
        while let Some(sent) = sending.join_next().await {
            match sent.expect("sending does not panic") {
                (_, Ok(())) => delivered.done += 1,
                (id, Err(error)) if error.concerns_one_order() => {
                    delivered.refused.push((id, error));
                }
                (_, Err(error)) => delivered.failed = Some(error),
            }
        }
    }
    delivered
}
