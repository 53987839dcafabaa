//! Orders in PostgreSQL, over connections that come and go with its server.

mod connection;
mod schema;

use super::pool::{Pool, Taken};
use super::{Done, StoreError, Totals};
use crate::order::{Order, Work};
use crate::remote::DatabaseServer;
use connection::Connection;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// How long the server may take to be connected to and to answer. Less than whoever asks the database waits, so that a server
/// that hangs is told from one that is busy.
const LIMIT: Duration = Duration::from_millis(800);

#[derive(Debug)]
pub(crate) struct Postgres {
    server: DatabaseServer,
    connections: Pool<Connection>,
}

impl Postgres {
    pub(super) fn new(server: DatabaseServer) -> Self {
        Postgres {
            server,
            connections: Pool::new(),
        }
    }

    pub(super) async fn write(
        &self,
        orders: &[Arc<Order>],
        done: &[Done],
    ) -> Result<(), StoreError> {
        self.with(async |connection| connection.write(orders, done).await)
            .await
    }

    pub(super) async fn find(&self, id: Uuid) -> Result<Option<Order>, StoreError> {
        self.with(async |connection| connection.find(id).await)
            .await
    }

    pub(super) async fn totals(&self) -> Result<Totals, StoreError> {
        self.with(Connection::totals).await
    }

    pub(super) async fn pending(
        &self,
        work: Work,
        after: Uuid,
        most: usize,
    ) -> Result<Vec<Order>, StoreError> {
        self.with(async |connection| connection.pending(work, after, most).await)
            .await
    }

    pub(super) async fn is_pending(&self, id: Uuid) -> Result<bool, StoreError> {
        self.with(async |connection| connection.is_pending(id).await)
            .await
    }

    /// A connection that is closed or does not answer is not used again; the next use makes another. So nothing need be done
    /// when the server was away.
    async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.connection().await?;
        match timeout(LIMIT, work(&connection)).await {
            Ok(answer) => answer,
            Err(_) => {
                connection.discard();
                Err(StoreError::NoAnswer(LIMIT))
            }
        }
    }

    async fn connection(&self) -> Result<Taken<Connection>, StoreError> {
        let connect = async || Connection::open(&self.server).await;
        let connection = self.connections.take(Connection::is_open, connect);
        let connection = timeout(LIMIT, connection).await;
        connection.map_err(|_| StoreError::NoAnswer(LIMIT))?
    }
}

#[cfg(test)]
mod tests;
