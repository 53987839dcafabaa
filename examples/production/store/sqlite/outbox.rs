//! The outbox in SQLite.

use super::file::{File, read};
use super::schema;
use crate::order::{Order, Work};
use crate::store::{Done, StoreError};
use rusqlite::params;
use uuid::Uuid;

impl File {
    /// Up to `most` orders for which this work is to be done, oldest first, from the one behind `after` on.
    pub(in crate::store) fn pending(
        &self,
        work: Work,
        after: Uuid,
        most: usize,
    ) -> Result<Vec<Order>, StoreError> {
        let mut pending = self.sqlite.prepare_cached(schema::PENDING)?;
        let orders = pending.query_map(params![work.number(), after, most], read)?;
        Ok(orders.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether some work for this order is still to be done.
    pub(in crate::store) fn is_pending(&self, id: Uuid) -> Result<bool, StoreError> {
        let mut exists = self.sqlite.prepare_cached(schema::IS_PENDING)?;
        Ok(exists.query_row([id], |row| row.get(0))?)
    }
}

pub(super) fn add(sqlite: &rusqlite::Connection, id: Uuid) -> rusqlite::Result<()> {
    let mut add = sqlite.prepare_cached(schema::ADD_WORK)?;
    for work in Work::ALL {
        add.execute(params![work.number(), id])?;
    }
    Ok(())
}

pub(super) fn remove(sqlite: &rusqlite::Connection, done: &Done) -> rusqlite::Result<()> {
    let mut remove = sqlite.prepare_cached(schema::REMOVE_WORK)?;
    for id in &*done.orders {
        remove.execute(params![done.work.number(), id])?;
    }
    Ok(())
}
