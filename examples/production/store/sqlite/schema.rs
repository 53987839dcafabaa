//! The tables and every statement that uses them.

use rusqlite::{Connection, TransactionBehavior};

/// Each entry brings the file from one version to the next; SQLite's `user_version` counts them.
pub(super) const VERSIONS: [&str; 2] = [
    "
    CREATE TABLE orders (
        id          BLOB PRIMARY KEY,
        customer    TEXT NOT NULL,
        email       TEXT NOT NULL,
        items       TEXT NOT NULL,
        total_cents INTEGER NOT NULL,
        created_ms  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE totals (
        one           INTEGER PRIMARY KEY CHECK (one = 1),
        orders        INTEGER NOT NULL,
        revenue_cents INTEGER NOT NULL
    ) STRICT;
    INSERT INTO totals VALUES (1, 0, 0);
",
    // A row is work that is still to be done. Of the orders from before nobody knows: doing it again only writes files again.
    "
    CREATE TABLE outbox (
        work INTEGER NOT NULL,
        id   BLOB NOT NULL REFERENCES orders (id),
        PRIMARY KEY (work, id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO outbox SELECT work.column1, orders.id FROM orders, (VALUES (0), (1), (2)) AS work;
",
];

pub(super) const INSERT: &str = "
    INSERT INTO orders (id, customer, email, items, total_cents, created_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING";

pub(super) const ADD_TO_TOTALS: &str = "
    UPDATE totals SET orders = orders + ?1, revenue_cents = revenue_cents + ?2";

pub(super) const FIND: &str = "
    SELECT id, customer, email, items, total_cents, created_ms FROM orders WHERE id = ?1";

pub(super) const TOTALS: &str = "
    SELECT orders, revenue_cents,
        (SELECT count(*) FROM outbox WHERE work = 0),
        (SELECT count(*) FROM outbox WHERE work = 1),
        (SELECT count(*) FROM outbox WHERE work = 2)
    FROM totals";

pub(super) const ADD_WORK: &str = "INSERT INTO outbox (work, id) VALUES (?1, ?2)";

pub(super) const REMOVE_WORK: &str = "DELETE FROM outbox WHERE work = ?1 AND id = ?2";

pub(super) const PENDING: &str = "
    SELECT orders.id, customer, email, items, total_cents, created_ms
    FROM outbox JOIN orders ON orders.id = outbox.id
    WHERE work = ?1 AND outbox.id > ?2 ORDER BY outbox.id LIMIT ?3";

pub(super) const IS_PENDING: &str = "
    SELECT EXISTS (SELECT 1 FROM outbox WHERE work IN (0, 1, 2) AND id = ?1)";

/// Brings the file to the present version.
pub(super) fn migrate(sqlite: &mut Connection) -> rusqlite::Result<()> {
    if version(sqlite)? == VERSIONS.len() {
        return Ok(());
    }
    // Two may start at once: the version is read again under the lock.
    let transaction = sqlite.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (from, statements) in VERSIONS.iter().enumerate().skip(version(&transaction)?) {
        transaction.execute_batch(statements)?;
        transaction.pragma_update(None, "user_version", from + 1)?;
    }
    transaction.commit()
}

fn version(sqlite: &Connection) -> rusqlite::Result<usize> {
    sqlite.pragma_query_value(None, "user_version", |row| row.get(0))
}
