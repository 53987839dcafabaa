//! The tables and every statement that uses them.

use rusqlite::{Connection, TransactionBehavior};

/// Each entry brings the file from one version to the next; SQLite's `user_version` counts them.
const VERSIONS: [&str; 1] = ["
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
"];

pub(super) const INSERT: &str = "
    INSERT INTO orders (id, customer, email, items, total_cents, created_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING";

pub(super) const ADD_TO_TOTALS: &str = "
    UPDATE totals SET orders = orders + ?1, revenue_cents = revenue_cents + ?2";

pub(super) const FIND: &str = "
    SELECT id, customer, email, items, total_cents, created_ms FROM orders WHERE id = ?1";

pub(super) const TOTALS: &str = "SELECT orders, revenue_cents FROM totals";

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
