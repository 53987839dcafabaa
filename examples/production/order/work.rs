//! What is to be done about an order after the customer has been answered.

use serde::Serialize;

/// One kind of work. Each order needs each kind once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Work {
    /// The customer gets a confirmation.
    Email,
    /// The invoice is made.
    Pdf,
    /// Other systems are told.
    Notification,
}

impl Work {
    pub(crate) const ALL: [Work; 3] = [Work::Email, Work::Pdf, Work::Notification];

    /// The name of its worker, and of the worker's folder.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Work::Email => "email",
            Work::Pdf => "pdf",
            Work::Notification => "notification",
        }
    }

    /// How the outbox writes it down: never to be changed.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Work::Email => 0,
            Work::Pdf => 1,
            Work::Notification => 2,
        }
    }
}
