use super::*;
use crate::order::{Item, NewOrder};

fn order(customer: &str, price_cents: u64) -> Order {
    let item = Item {
        sku: "tea".into(),
        quantity: 2,
        price_cents,
    };
    let order = NewOrder {
        customer: customer.into(),
        email: "ada@example.org".into(),
        items: vec![item],
    };
    order.accept()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn what_was_stored_is_found_by_another_connection() -> Result<(), StoreError> {
    let folder = folder();
    let path = folder.path().join("orders.db");
    let orders = [order("Ada", 450), order("Grace", 100)];
    Store::open(&path)?.insert(&orders)?;

    let store = Store::open(&path)?;
    for order in &orders {
        assert_eq!(store.find(order.id)?.as_ref(), Some(order));
    }
    assert_eq!(store.find(Uuid::nil())?, None);
    let totals = Totals {
        orders: 2,
        revenue_cents: 1100,
    };
    assert_eq!(store.totals()?, totals);
    Ok(())
}

#[test]
fn storing_twice_is_storing_once() -> Result<(), StoreError> {
    let folder = folder();
    let mut store = Store::open(&folder.path().join("orders.db"))?;
    let (first, second) = (order("Ada", 450), order("Grace", 100));
    store.insert(&[&first])?;
    store.insert(&[&first, &second, &second])?;
    let totals = Totals {
        orders: 2,
        revenue_cents: 1100,
    };
    assert_eq!(store.totals()?, totals);
    Ok(())
}

#[test]
fn a_batch_is_stored_whole_or_not_at_all() -> Result<(), StoreError> {
    let folder = folder();
    let mut store = Store::open(&folder.path().join("orders.db"))?;
    let (good, mut bad) = (order("Ada", 450), order("Grace", 100));
    bad.total_cents = u64::MAX; // more than SQLite holds
    assert!(store.insert(&[&good, &bad]).is_err());
    assert_eq!(store.find(good.id)?, None);
    assert_eq!(store.totals()?, Totals::default());
    Ok(())
}

#[test]
fn a_reader_does_not_wait_for_the_writer() -> Result<(), StoreError> {
    let folder = folder();
    let path = folder.path().join("orders.db");
    let (writer, reader) = (Store::open(&path)?, Store::open(&path)?);
    writer
        .sqlite
        .execute_batch("BEGIN IMMEDIATE; UPDATE totals SET orders = 7")?;
    assert_eq!(reader.totals()?, Totals::default());
    Ok(())
}

#[test]
fn a_checkpoint_empties_the_log() -> Result<(), StoreError> {
    let folder = folder();
    let mut store = Store::open(&folder.path().join("orders.db"))?;
    store.insert(&[order("Ada", 450)])?;
    store.checkpoint()?;
    let log = folder.path().join("orders.db-wal").metadata();
    assert_eq!(log.expect("there is a log").len(), 0);
    Ok(())
}
