use super::*;
use crate::order::{Item, NewOrder, Work};

pub(super) fn order(customer: &str, price_cents: u64) -> Arc<Order> {
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
    Arc::new(order.accept())
}

pub(super) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn what_was_stored_is_found_by_another_connection() -> Result<(), StoreError> {
    let folder = folder();
    let path = folder.path().join("orders.db");
    let orders = [order("Ada", 450), order("Grace", 100)];
    Store::open(&path)?.write(&orders, &[])?;

    let store = Store::open(&path)?;
    for order in &orders {
        assert_eq!(store.find(order.id)?.as_ref(), Some(&**order));
    }
    assert_eq!(store.find(Uuid::nil())?, None);
    let totals = Totals {
        orders: 2,
        revenue_cents: 1100,
        pending: [2; 3],
    };
    assert_eq!(store.totals()?, totals);
    Ok(())
}

#[test]
fn storing_twice_is_storing_once() -> Result<(), StoreError> {
    let folder = folder();
    let mut store = Store::open(&folder.path().join("orders.db"))?;
    let (first, second) = (order("Ada", 450), order("Grace", 100));
    store.write(std::slice::from_ref(&first), &[])?;
    store.write(&[first, second.clone(), second], &[])?;
    let totals = Totals {
        orders: 2,
        revenue_cents: 1100,
        pending: [2; 3],
    };
    assert_eq!(store.totals()?, totals);
    Ok(())
}

#[test]
fn a_batch_is_stored_whole_or_not_at_all() -> Result<(), StoreError> {
    let folder = folder();
    let mut store = Store::open(&folder.path().join("orders.db"))?;
    let (good, mut bad) = (order("Ada", 450), order("Grace", 100));
    Arc::make_mut(&mut bad).total_cents = u64::MAX; // more than SQLite holds
    assert!(store.write(&[good.clone(), bad], &[]).is_err());
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
    store.write(&[order("Ada", 450)], &[])?;
    store.checkpoint()?;
    let log = folder.path().join("orders.db-wal").metadata();
    assert_eq!(log.expect("there is a log").len(), 0);
    Ok(())
}

#[test]
fn work_is_there_from_the_order_on_until_it_is_struck_off() -> Result<(), StoreError> {
    let folder = folder();
    let mut store = Store::open(&folder.path().join("orders.db"))?;
    let mut orders = [order("Ada", 450), order("Grace", 100), order("Mary", 1)];
    orders.sort_by_key(|order| order.id);
    store.write(&orders, &[])?;
    for work in Work::ALL {
        let ids = |after, most| -> Result<Vec<_>, StoreError> {
            let pending = store.pending(work, after, most)?;
            Ok(pending.into_iter().map(|order| order.id).collect())
        };
        assert_eq!(ids(Uuid::nil(), 2)?, [orders[0].id, orders[1].id]);
        assert_eq!(ids(orders[1].id, 2)?, [orders[2].id]);
    }
    for work in Work::ALL {
        assert!(store.is_pending(orders[0].id)?);
        let done = Done {
            work,
            orders: [orders[0].id].into(),
        };
        store.write(&[], &[done.clone(), done])?;
    }
    assert!(!store.is_pending(orders[0].id)?);
    assert!(store.is_pending(orders[1].id)?);
    assert_eq!(store.totals()?.pending, [2; 3]);
    Ok(())
}

#[test]
fn an_order_that_is_stored_again_is_not_worked_on_again() -> Result<(), StoreError> {
    let folder = folder();
    let mut store = Store::open(&folder.path().join("orders.db"))?;
    let order = [order("Ada", 450)];
    store.write(&order, &[])?;
    let done = Work::ALL.map(|work| Done {
        work,
        orders: [order[0].id].into(),
    });
    store.write(&[], &done)?;
    store.write(&order, &[])?;
    assert!(!store.is_pending(order[0].id)?);
    Ok(())
}

#[test]
fn a_file_of_the_first_version_gets_an_outbox() -> Result<(), Box<dyn std::error::Error>> {
    let folder = folder();
    let path = folder.path().join("orders.db");
    let old = order("Ada", 450);
    Connection::open(&path)?.execute_batch(&format!(
        "{} PRAGMA user_version = 1;
        INSERT INTO orders VALUES (x'{}', 'Ada', 'ada@example.org', '[]', 900, 1);",
        schema::VERSIONS[0],
        old.id.simple(),
    ))?;
    let store = Store::open(&path)?;
    assert_eq!(store.totals()?.pending, [1; 3]);
    assert_eq!(store.pending(Work::Pdf, Uuid::nil(), 9)?[0].id, old.id);
    Ok(())
}
