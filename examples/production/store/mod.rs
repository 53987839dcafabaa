//! Where orders are: in SQLite, a file of our own, or in PostgreSQL. Both keep an outbox: a row for each piece of work, written
//! in the transaction of its order and gone when the work is done. So no crash between the two can lose work; one between
//! doing and striking off has it done again.

mod error;
mod pool;
mod postgres;
mod sqlite;

pub(crate) use error::StoreError;
pub(crate) use sqlite::Rescued;

use crate::config::Settings;
use crate::order::{Order, Work};
use postgres::Postgres;
use serde::Serialize;
use sqlite::Sqlite;
use std::sync::Arc;
use uuid::Uuid;

/// The orders, over connections that are shared by its clones.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// Work that was done for some orders.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) work: Work,
    pub(crate) orders: Arc<[Uuid]>,
}

/// What all orders come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Totals {
    pub(crate) orders: u64,
    pub(crate) revenue_cents: u64,
    /// For how many orders work of each kind is still to be done, in the order of [`Work::ALL`].
    pub(crate) pending: [u64; Work::ALL.len()],
}

impl Store {
    /// As the settings want it. A server of PostgreSQL need not be there yet: each use connects when it has to.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub(crate) async fn open(settings: &Settings) -> Result<Self, StoreError> {
        Ok(match &settings.database {
            None => Store::Sqlite(Arc::new(Sqlite::open(settings.orders()).await?)),
            Some(server) => Store::Postgres(Arc::new(Postgres::new(server.clone()))),
        })
    }

    /// Whether orders could be stored: for the start of the program, when somebody reads what is wrong.
    pub(crate) async fn check(settings: &Settings) -> Result<(), StoreError> {
        Store::open(settings).await?.totals().await.map(drop)
    }

    /// Stores these orders with the work they make, and strikes off the work that was done: all of it or nothing. Returns
    /// when it is on disk. What is stored or struck off already stays as it is.
    ///
    /// # Errors
    ///
    /// When the connection broke in the middle, nobody knows whether it was done; asking again is harmless.
    pub(crate) async fn write(
        &self,
        orders: Vec<Arc<Order>>,
        done: Vec<Done>,
    ) -> Result<(), StoreError> {
        match self {
            Store::Sqlite(sqlite) => sqlite.write(move |file| file.write(&orders, &done)).await,
            Store::Postgres(postgres) => postgres.write(&orders, &done).await,
        }
    }

    /// The order with this id.
    pub(crate) async fn find(&self, id: Uuid) -> Result<Option<Order>, StoreError> {
        match self {
            Store::Sqlite(sqlite) => sqlite.read(move |file| file.find(id)).await,
            Store::Postgres(postgres) => postgres.find(id).await,
        }
    }

    /// The number and sum of all orders, without looking at each, and what is left to do.
    pub(crate) async fn totals(&self) -> Result<Totals, StoreError> {
        match self {
            Store::Sqlite(sqlite) => sqlite.read(sqlite::Connection::totals).await,
            Store::Postgres(postgres) => postgres.totals().await,
        }
    }

    /// Up to `most` orders for which this work is to be done, oldest first, from the one behind `after` on.
    pub(crate) async fn pending(
        &self,
        work: Work,
        after: Uuid,
        most: usize,
    ) -> Result<Vec<Order>, StoreError> {
        match self {
            Store::Sqlite(sqlite) => {
                sqlite
                    .read(move |file| file.pending(work, after, most))
                    .await
            }
            Store::Postgres(postgres) => postgres.pending(work, after, most).await,
        }
    }

    /// Whether some work for this order is still to be done.
    pub(crate) async fn is_pending(&self, id: Uuid) -> Result<bool, StoreError> {
        match self {
            Store::Sqlite(sqlite) => sqlite.read(move |file| file.is_pending(id)).await,
            Store::Postgres(postgres) => postgres.is_pending(id).await,
        }
    }

    /// Puts a file back that was removed while it was in use. When there was one, a store has to be opened anew: this one is
    /// still about the old file. What becomes of PostgreSQL's files is the business of its server.
    pub(crate) async fn rescue(&self) -> Result<Option<Rescued>, StoreError> {
        match self {
            Store::Sqlite(sqlite) => sqlite.write(|file| file.rescue()).await,
            Store::Postgres(_) => Ok(None),
        }
    }

    /// Leaves everything tidy, when nothing is in use any more.
    pub(crate) async fn checkpoint(&self) -> Result<(), StoreError> {
        match self {
            Store::Sqlite(sqlite) => sqlite.write(|file| file.checkpoint()).await,
            Store::Postgres(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
