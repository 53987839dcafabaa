//! Where orders are: in SQLite, a file of our own, or in PostgreSQL. Both keep an outbox: a row for each piece of work, written
//! in the transaction of its order and gone when the work is done. So no crash between the two can lose work; one between
//! doing and striking off has it done again.

mod connection;
mod error;
mod postgres;
mod sqlite;

pub(crate) use connection::Connections;
pub(crate) use error::StoreError;
pub(crate) use sqlite::Rescued;

use crate::config::Settings;
use crate::order::{Order, Work};
use connection::Connection;
use noex::{CheckedOut, ResourcePoolOptions, ResourcePoolRef};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The orders, over connections that many use side by side.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    connections: ResourcePoolRef<Connections>,
    /// SQLite has one writer at a time, so there need be only one.
    writer: Option<Arc<Connection>>,
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
    /// Whether orders could be stored, which also makes what they are stored in: for the start of the program, when somebody
    /// reads what is wrong.
    pub(crate) async fn check(settings: &Arc<Settings>) -> Result<(), StoreError> {
        let first = Connections(settings.clone()).first().await?;
        first.totals().await.map(drop)
    }

    /// Leaves everything tidy when nothing is in use any more. What becomes of PostgreSQL's files is the business of its server.
    pub(crate) async fn checkpoint(settings: &Arc<Settings>) -> Result<(), StoreError> {
        match settings.database {
            None => sqlite::checkpoint(settings.orders()).await,
            Some(_) => Ok(()),
        }
    }

    /// How many connections there are. One that cannot be had soon is told to whoever waits.
    pub(crate) fn pool_options() -> ResourcePoolOptions {
        let options = ResourcePoolOptions::new(5, 20).idle_timeout(Duration::from_secs(30));
        options.acquire_timeout(Duration::from_secs(1))
    }

    /// As the settings want it. A server of PostgreSQL need not be there.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub(crate) async fn open(
        settings: &Arc<Settings>,
        connections: ResourcePoolRef<Connections>,
    ) -> Result<Self, StoreError> {
        let writer = match settings.database {
            None => Some(Arc::new(Connections(settings.clone()).first().await?)),
            Some(_) => None,
        };
        Ok(Store {
            connections,
            writer,
        })
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
        match &self.writer {
            Some(writer) => writer.write(orders, done).await,
            None => {
                self.with(async |connection| connection.write(orders, done).await)
                    .await
            }
        }
    }

    /// The order with this id.
    pub(crate) async fn find(&self, id: Uuid) -> Result<Option<Order>, StoreError> {
        self.with(async |connection| connection.find(id).await)
            .await
    }

    /// The number and sum of all orders, without looking at each, and what is left to do.
    pub(crate) async fn totals(&self) -> Result<Totals, StoreError> {
        self.with(Connection::totals).await
    }

    /// Up to `most` orders for which this work is to be done, oldest first, from the one behind `after` on.
    pub(crate) async fn pending(
        &self,
        work: Work,
        after: Uuid,
        most: usize,
    ) -> Result<Vec<Order>, StoreError> {
        self.with(async |connection| connection.pending(work, after, most).await)
            .await
    }

    /// Whether some work for this order is still to be done.
    pub(crate) async fn is_pending(&self, id: Uuid) -> Result<bool, StoreError> {
        self.with(async |connection| connection.is_pending(id).await)
            .await
    }

    /// Puts a file back that was removed while it was in use. When there was one, a store has to be opened anew: this one is
    /// still about the old file.
    pub(crate) async fn rescue(&self) -> Result<Option<Rescued>, StoreError> {
        match self.writer.as_deref() {
            Some(Connection::Sqlite(file)) => file.with(|file| file.rescue()).await,
            _ => Ok(None),
        }
    }

    /// Lends a connection. One that did not answer is not lent again.
    async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.connections.acquire().await?;
        let answer = work(&connection).await;
        if let Err(StoreError::NoAnswer(_)) = answer {
            CheckedOut::discard(connection);
        }
        answer
    }
}

#[cfg(test)]
mod tests;
