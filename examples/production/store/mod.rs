//! Orders in SQLite. Everything here blocks.

mod schema;

use crate::order::Order;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use std::borrow::Borrow;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// One connection to the file of orders.
#[derive(Debug)]
pub(crate) struct Store {
    sqlite: Connection,
}

/// What all orders come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Totals {
    pub(crate) orders: u64,
    pub(crate) revenue_cents: u64,
}

/// SQLite could not do it. Cloned, because everyone in a batch is told.
#[derive(Clone, Debug)]
pub(crate) struct StoreError(Arc<rusqlite::Error>);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the order store failed: {}", self.0)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError(Arc::new(error))
    }
}

impl Store {
    /// Opens the file, and makes it if there is none.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut sqlite = Connection::open(path)?;
        sqlite.busy_timeout(Duration::from_secs(5))?;
        // WAL: readers and the writer do not wait for each other, and a commit is one write and one sync.
        sqlite.pragma_update(None, "journal_mode", "WAL")?;
        // FULL: a commit has reached the disk before it returns, so "201" survives a loss of power too. NORMAL would
        // sync at checkpoints only. Commits carry many orders each, so the syncs are few.
        sqlite.pragma_update(None, "synchronous", "FULL")?;
        // A restart must not wait for the log to be copied into the file; `checkpoint` does that at the end of the program.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        schema::migrate(&mut sqlite)?;
        Ok(Store { sqlite })
    }

    /// Stores all these orders or none, and returns when they are on disk. Those that are stored already stay as they are.
    pub(crate) fn insert<O: Borrow<Order>>(&mut self, orders: &[O]) -> Result<(), StoreError> {
        let transaction = self.sqlite.transaction()?;
        let mut added = Totals::default();
        {
            let mut insert = transaction.prepare_cached(schema::INSERT)?;
            for order in orders {
                let order = order.borrow();
                let items = serde_json::to_string(&order.items)
                    .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
                let rows = insert.execute(params![
                    order.id,
                    order.customer,
                    order.email,
                    items,
                    order.total_cents,
                    order.created_ms,
                ])?;
                if rows > 0 {
                    added.orders += 1;
                    added.revenue_cents += order.total_cents;
                }
            }
        }
        transaction
            .prepare_cached(schema::ADD_TO_TOTALS)?
            .execute(params![added.orders, added.revenue_cents])?;
        Ok(transaction.commit()?)
    }

    /// The order with this id.
    pub(crate) fn find(&self, id: Uuid) -> Result<Option<Order>, StoreError> {
        let mut find = self.sqlite.prepare_cached(schema::FIND)?;
        Ok(find.query_row([id], read).optional()?)
    }

    /// The number and sum of all orders, without looking at each.
    pub(crate) fn totals(&self) -> Result<Totals, StoreError> {
        let mut totals = self.sqlite.prepare_cached(schema::TOTALS)?;
        Ok(totals.query_row([], |row| {
            Ok(Totals {
                orders: row.get(0)?,
                revenue_cents: row.get(1)?,
            })
        })?)
    }

    /// Copies the log into the file and empties it, so that the file alone is everything.
    pub(crate) fn checkpoint(&self) -> Result<(), StoreError> {
        Ok(self
            .sqlite
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Order> {
    let items: String = row.get(3)?;
    let items = serde_json::from_str(&items).map_err(|e| {
        rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, e.into())
    })?;
    Ok(Order {
        id: row.get(0)?,
        customer: row.get(1)?,
        email: row.get(2)?,
        items,
        total_cents: row.get(4)?,
        created_ms: row.get(5)?,
    })
}

#[cfg(test)]
mod tests;
