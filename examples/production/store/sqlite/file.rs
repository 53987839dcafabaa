//! One connection to the file of orders. Everything here blocks.

use super::removed::Files;
use super::{outbox, schema};
use crate::folder;
use crate::order::Order;
use crate::store::{Done, StoreError, Totals};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, params};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long it waits for others who use the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// One connection to the file of orders.
#[derive(Debug)]
pub(in crate::store) struct File {
    pub(super) sqlite: Connection,
    pub(super) files: Files,
}

impl File {
    /// Opens the file, and makes it with its folder if there is none.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        path.parent().map_or(Ok(()), folder::make)?;
        File::open_with(path, OpenFlags::default())
    }

    /// Opens the file if there is one.
    pub(super) fn open_existing(path: &Path) -> Result<Self, StoreError> {
        File::open_with(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn open_with(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let mut sqlite = Connection::open_with_flags(path, flags)?;
        sqlite.busy_timeout(PATIENCE)?;
        // WAL: readers and the writer do not wait for each other, and a commit is one write and one sync.
        write_ahead(&sqlite)?;
        // FULL: a commit has reached the disk before it returns, so "201" survives a loss of power too. NORMAL would
        // sync at checkpoints only. Commits carry many orders each, so the syncs are few.
        sqlite.pragma_update(None, "synchronous", "FULL")?;
        // A restart must not wait for the log to be copied into the file; `checkpoint` does that at the end of the program.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        schema::migrate(&mut sqlite)?;
        let files = Files::of(path)?;
        Ok(File { sqlite, files })
    }

    /// Stores these orders with the work they make, and strikes off the work that was done: all of it or nothing. Returns
    /// when it is on disk; fails when that would be a file that was removed. What is stored or struck off already stays as it is.
    pub(in crate::store) fn write(
        &mut self,
        orders: &[Arc<Order>],
        done: &[Done],
    ) -> Result<(), StoreError> {
        self.still_there()?;
        let transaction = self.sqlite.transaction()?;
        let (mut count, mut revenue_cents) = (0, 0);
        for order in orders {
            if insert(&transaction, order)? {
                outbox::add(&transaction, order.id)?;
                count += 1;
                revenue_cents += order.total_cents;
            }
        }
        transaction
            .prepare_cached(schema::ADD_TO_TOTALS)?
            .execute(params![count, revenue_cents])?;
        for done in done {
            outbox::remove(&transaction, done)?;
        }
        Ok(transaction.commit()?)
    }

    /// The order with this id.
    pub(in crate::store) fn find(&self, id: Uuid) -> Result<Option<Order>, StoreError> {
        let mut find = self.sqlite.prepare_cached(schema::FIND)?;
        Ok(find.query_row([id], read).optional()?)
    }

    /// The number and sum of all orders, without looking at each, and what is left to do.
    pub(in crate::store) fn totals(&self) -> Result<Totals, StoreError> {
        let mut totals = self.sqlite.prepare_cached(schema::TOTALS)?;
        Ok(totals.query_row([], |row| {
            Ok(Totals {
                orders: row.get(0)?,
                revenue_cents: row.get(1)?,
                pending: [row.get(2)?, row.get(3)?, row.get(4)?],
            })
        })?)
    }

    /// Copies the log into the file and empties it, so that the file alone is everything.
    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        Ok(self
            .sqlite
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

/// Whether it was not there yet.
fn insert(sqlite: &Connection, order: &Order) -> Result<bool, StoreError> {
    let items = serde_json::to_string(&order.items)
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let rows = sqlite.prepare_cached(schema::INSERT)?.execute(params![
        order.id,
        order.customer,
        order.email,
        items,
        order.total_cents,
        order.created_ms,
    ])?;
    Ok(rows > 0)
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Order> {
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

/// Turns the write-ahead log on. Unlike all else, that does not wait by itself for others who open the file.
fn write_ahead(sqlite: &Connection) -> rusqlite::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        match sqlite.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if is_busy(&error) && Instant::now() < end => {
                thread::sleep(Duration::from_millis(1));
            }
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}
