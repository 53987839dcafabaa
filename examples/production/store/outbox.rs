//! The outbox: a row for each piece of work, written in the transaction of its order and gone when the work is done. So no
//! crash between the two can lose work; one between doing and striking off has it done again.

use super::{Store, StoreError, read, schema};
use crate::order::{Order, Work};
use rusqlite::{Connection, params};
use std::sync::Arc;
use uuid::Uuid;

/// Work that was done for some orders.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) work: Work,
    pub(crate) orders: Arc<[Uuid]>,
}

impl Store {
    /// Up to `most` orders for which this work is to be done, oldest first, from the one behind `after` on.
    pub(crate) fn pending(
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
    pub(crate) fn is_pending(&self, id: Uuid) -> Result<bool, StoreError> {
        let mut exists = self.sqlite.prepare_cached(schema::IS_PENDING)?;
        Ok(exists.query_row([id], |row| row.get(0))?)
    }
}

pub(super) fn add(sqlite: &Connection, id: Uuid) -> rusqlite::Result<()> {
    let mut add = sqlite.prepare_cached(schema::ADD_WORK)?;
    for work in Work::ALL {
        add.execute(params![work.number(), id])?;
    }
    Ok(())
}

pub(super) fn remove(sqlite: &Connection, done: &Done) -> rusqlite::Result<()> {
    let mut remove = sqlite.prepare_cached(schema::REMOVE_WORK)?;
    for id in &*done.orders {
        remove.execute(params![done.work.number(), id])?;
    }
    Ok(())
}
