//! What the workers write.

use crate::order::{Cents, Order, Work};
use serde_json::json;
use std::fmt::Write;

/// How a file of the spool comes about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content {
    pub(super) extension: &'static str,
    pub(super) of: fn(&Order) -> Vec<u8>,
}

pub(super) fn of(work: Work) -> Content {
    let (extension, of): (_, fn(&Order) -> _) = match work {
        Work::Email => ("eml", mail),
        Work::Pdf => ("txt", invoice),
        Work::Notification => ("json", notice),
    };
    Content { extension, of }
}

/// A mail as it goes over the wire. Customer and address hold no line breaks.
fn mail(order: &Order) -> Vec<u8> {
    let Order {
        id,
        customer,
        email,
        ..
    } = order;
    let total = order.total();
    let text = format!(
        "To: <{email}>\r\nSubject: Your order {id}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Dear {customer},\r\n\r\nwe have received your order of {total}.\r\n"
    );
    text.into()
}

fn invoice(order: &Order) -> Vec<u8> {
    let mut text = format!("Invoice of order {}\n{}\n\n", order.id, order.customer);
    for item in &order.items {
        let price = Cents(item.price_cents);
        let _ = writeln!(text, "{:>6} x {:<64} {price:>14}", item.quantity, item.sku);
    }
    let _ = writeln!(text, "\nTotal {}", order.total());
    text.into()
}

fn notice(order: &Order) -> Vec<u8> {
    let notice = json!({ "event": "order_created", "order": order });
    notice.to_string().into()
}
