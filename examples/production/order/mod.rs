//! What an order is.

mod read;
mod work;

pub(crate) use read::{FieldError, read};
pub(crate) use work::Work;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::SystemTime;
use uuid::Uuid;

/// An order as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Order {
    /// Given out by the service before it stores the order, so that storing it twice is storing it once.
    pub(crate) id: Uuid,
    pub(crate) customer: String,
    pub(crate) email: String,
    pub(crate) items: Vec<Item>,
    pub(crate) total_cents: u64,
    /// Milliseconds since 1970.
    pub(crate) created_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) sku: String,
    pub(crate) quantity: u64,
    pub(crate) price_cents: u64,
}

/// An order as a customer sends it, checked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewOrder {
    pub(crate) customer: String,
    pub(crate) email: String,
    pub(crate) items: Vec<Item>,
}

impl NewOrder {
    /// Accepts the order: it gets its identity, its total and its time.
    pub(crate) fn accept(self) -> Order {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Order {
            id: Uuid::now_v7(),
            total_cents: self.items.iter().map(|i| i.quantity * i.price_cents).sum(),
            created_ms: now.map_or(0, |now| now.as_millis() as u64),
            customer: self.customer,
            email: self.email,
            items: self.items,
        }
    }
}

impl Order {
    pub(crate) fn total(&self) -> Cents {
        Cents(self.total_cents)
    }
}

/// An amount of money; shown as `12.34`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cents(pub(crate) u64);

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}
