//! Reads an order from JSON and says everything that is wrong with it, field by field.

use super::{Item, NewOrder};
use lettre::Address;
use serde::Serialize;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

const MOST_ITEMS: usize = 100;
/// With [`MOST_ITEMS`] these keep every total far below what JSON numbers and the integers of SQLite and PostgreSQL hold.
const QUANTITY: RangeInclusive<u64> = 1..=10_000;
const PRICE_CENTS: RangeInclusive<u64> = 0..=100_000_000;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FieldError {
    /// `customer`, `items[2].sku`; empty for the whole body.
    pub(crate) field: String,
    pub(crate) problem: String,
}

/// Reads an order.
///
/// # Errors
///
/// Every field that is missing or wrong, in the order of the fields.
pub(crate) fn read(json: &Value) -> Result<NewOrder, Vec<FieldError>> {
    let mut reader = Reader::default();
    let order = reader.order(json);
    match order {
        Some(order) if reader.errors.is_empty() => Ok(order),
        _ => Err(reader.errors),
    }
}

#[derive(Default)]
struct Reader {
    errors: Vec<FieldError>,
}

impl Reader {
    fn wrong<T>(&mut self, field: impl Into<String>, problem: impl Into<String>) -> Option<T> {
        let (field, problem) = (field.into(), problem.into());
        self.errors.push(FieldError { field, problem });
        None
    }

    fn order(&mut self, json: &Value) -> Option<NewOrder> {
        let Value::Object(body) = json else {
            return self.wrong("", "the body must be a JSON object");
        };
        let customer = self.text(body, "customer".into(), 200);
        let email = self.text(body, "email".into(), 254);
        let email = email.and_then(|email| self.email(email));
        let items = self.items(body);
        Some(NewOrder {
            customer: customer?,
            email: email?,
            items: items?,
        })
    }

    fn items(&mut self, body: &Map<String, Value>) -> Option<Vec<Item>> {
        let items = match body.get("items") {
            None => return self.wrong("items", "is missing"),
            Some(Value::Array(items)) => items,
            Some(_) => return self.wrong("items", "must be an array"),
        };
        if items.is_empty() || items.len() > MOST_ITEMS {
            let problem = format!("must hold 1 to {MOST_ITEMS} items, not {}", items.len());
            return self.wrong("items", problem);
        }
        // Collected by hand: an error must not keep the later items from being looked at.
        let mut read = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            read.extend(self.item(at, item));
        }
        Some(read)
    }

    fn item(&mut self, at: usize, json: &Value) -> Option<Item> {
        let Value::Object(item) = json else {
            return self.wrong(format!("items[{at}]"), "must be an object");
        };
        let sku = self.text(item, format!("items[{at}].sku"), 64);
        let quantity = self.number(item, format!("items[{at}].quantity"), QUANTITY);
        let price = self.number(item, format!("items[{at}].price_cents"), PRICE_CENTS);
        Some(Item {
            sku: sku?,
            quantity: quantity?,
            price_cents: price?,
        })
    }

    /// A text that is fit for a line of a mail and for a column of PostgreSQL: not empty, not endless, no control characters.
    fn text(&mut self, of: &Map<String, Value>, path: String, longest: usize) -> Option<String> {
        let text = match of.get(last(&path)) {
            None => return self.wrong(path, "is missing"),
            Some(Value::String(text)) => text,
            Some(_) => return self.wrong(path, "must be a string"),
        };
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.wrong(path, "must not be empty")
        } else if length > longest {
            let problem = format!("must have at most {longest} characters, not {length}");
            self.wrong(path, problem)
        } else if text.chars().any(char::is_control) {
            self.wrong(path, "must not contain control characters")
        } else {
            Some(text.clone())
        }
    }

    fn email(&mut self, email: String) -> Option<String> {
        // What mails can go to, and a domain that is not of this machine alone.
        let address = email.parse::<Address>();
        let good = address.is_ok_and(|address| address.domain().contains('.'));
        if good {
            Some(email)
        } else {
            self.wrong("email", "must look like name@example.org")
        }
    }

    fn number(
        &mut self,
        of: &Map<String, Value>,
        path: String,
        allowed: RangeInclusive<u64>,
    ) -> Option<u64> {
        let Some(value) = of.get(last(&path)) else {
            return self.wrong(path, "is missing");
        };
        match value.as_u64().filter(|n| allowed.contains(n)) {
            Some(number) => Some(number),
            None => {
                let (least, most) = allowed.into_inner();
                let problem = format!("must be a whole number from {least} to {most}");
                self.wrong(path, problem)
            }
        }
    }
}

/// The key at the end of a path.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        json!({
            "customer": "Ada", "email": "ada@example.org",
            "items": [
                { "sku": "tea", "quantity": 2, "price_cents": 450 },
                { "sku": "cup", "quantity": 1, "price_cents": 0 },
            ],
        })
    }

    fn wrong_fields(json: &Value) -> Vec<String> {
        let errors = read(json).expect_err("it is wrong");
        errors.into_iter().map(|e| e.field).collect()
    }

    #[test]
    fn a_good_order_is_read_and_totalled() {
        let order = read(&good()).expect("it is good").accept();
        assert_eq!(order.total_cents, 900);
        assert_eq!(order.items.len(), 2);
        assert_eq!(order.email, "ada@example.org");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let order = json!({
            "email": "nobody",
            "items": [
                { "sku": "", "quantity": 0, "price_cents": 1.5 },
                { "sku": "tea", "quantity": 1, "price_cents": 450 },
                { "quantity": "1", "price_cents": -1 },
                7,
            ],
        });
        let expected = [
            "customer",
            "email",
            "items[0].sku",
            "items[0].quantity",
            "items[0].price_cents",
            "items[2].sku",
            "items[2].quantity",
            "items[2].price_cents",
            "items[3]",
        ];
        assert_eq!(wrong_fields(&order), expected);
    }

    #[test]
    fn the_body_must_be_an_object_with_some_items() {
        assert_eq!(wrong_fields(&json!([])), [""]);
        for items in [json!([]), json!({}), json!(vec![0; MOST_ITEMS + 1])] {
            let mut order = good();
            order["items"] = items;
            assert_eq!(wrong_fields(&order), ["items"]);
        }
    }

    #[test]
    fn nobody_adds_lines_to_a_mail() {
        let mut order = good();
        order["customer"] = json!("Ada\r\nBcc: all@example.org");
        assert_eq!(wrong_fields(&order), ["customer"]);
    }

    #[test]
    fn addresses_are_looked_at() {
        let bad = [
            "a@b",
            "@b.org",
            "a@",
            "a@b@c.org",
            "a b@c.org",
            "a@.org",
            "<a@b.org",
            "a@b.org, c@d.org",
        ];
        for address in bad {
            let mut order = good();
            order["email"] = json!(address);
            assert_eq!(wrong_fields(&order), ["email"], "{address}");
        }
    }

    #[test]
    fn the_largest_order_has_a_total() {
        let item = json!({
            "sku": "s", "quantity": QUANTITY.end(), "price_cents": PRICE_CENTS.end(),
        });
        let mut order = good();
        order["items"] = json!(vec![item; MOST_ITEMS]);
        let total = read(&order).expect("it is good").accept().total_cents;
        assert!(total < 1 << 53, "{total}");
    }
}
