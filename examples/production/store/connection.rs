//! One connection to where the orders are, and how the pool makes them.

use super::{Done, StoreError, Totals, postgres, sqlite};
use crate::config::Settings;
use crate::order::{Order, Work};
use noex::ResourceManager;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// How long it may take to answer. Less than whoever asks the database waits, so that one that hangs is told from one
/// that is busy.
const LIMIT: Duration = Duration::from_millis(1500);

#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(sqlite::Connection),
    Postgres(postgres::Connection),
}

/// Makes the connections that the settings want.
#[derive(Clone, Debug)]
pub(crate) struct Connections(pub(crate) Arc<Settings>);

impl Connections {
    /// With what there is to be used, or made if there is nothing.
    pub(super) async fn first(&self) -> Result<Connection, StoreError> {
        match &self.0.database {
            None => sqlite::Connection::open(self.0.orders())
                .await
                .map(Connection::Sqlite),
            Some(_) => self.create().await,
        }
    }
}

impl ResourceManager for Connections {
    type Resource = Connection;
    type Error = StoreError;

    /// A file is not made anew: when it was removed, the first connection has everything that was in it.
    async fn create(&self) -> Result<Connection, StoreError> {
        match &self.0.database {
            None => sqlite::Connection::open_existing(self.0.orders())
                .await
                .map(Connection::Sqlite),
            Some(server) => answered(postgres::Connection::open(server))
                .await
                .map(Connection::Postgres),
        }
    }

    async fn check(&self, connection: &mut Connection) -> Result<(), StoreError> {
        match connection {
            Connection::Sqlite(file) => file.with(|file| file.still_there()).await,
            Connection::Postgres(server) => server.still_there(),
        }
    }
}

impl Connection {
    pub(super) async fn write(
        &self,
        orders: Vec<Arc<Order>>,
        done: Vec<Done>,
    ) -> Result<(), StoreError> {
        match self {
            Connection::Sqlite(file) => file.with(move |file| file.write(&orders, &done)).await,
            Connection::Postgres(server) => answered(server.write(&orders, &done)).await,
        }
    }

    pub(super) async fn find(&self, id: Uuid) -> Result<Option<Order>, StoreError> {
        match self {
            Connection::Sqlite(file) => file.with(move |file| file.find(id)).await,
            Connection::Postgres(server) => answered(server.find(id)).await,
        }
    }

    pub(super) async fn totals(&self) -> Result<Totals, StoreError> {
        match self {
            Connection::Sqlite(file) => file.with(|file| file.totals()).await,
            Connection::Postgres(server) => answered(server.totals()).await,
        }
    }

    pub(super) async fn pending(
        &self,
        work: Work,
        after: Uuid,
        most: usize,
    ) -> Result<Vec<Order>, StoreError> {
        match self {
            Connection::Sqlite(file) => {
                file.with(move |file| file.pending(work, after, most)).await
            }
            Connection::Postgres(server) => answered(server.pending(work, after, most)).await,
        }
    }

    pub(super) async fn is_pending(&self, id: Uuid) -> Result<bool, StoreError> {
        match self {
            Connection::Sqlite(file) => file.with(move |file| file.is_pending(id)).await,
            Connection::Postgres(server) => answered(server.is_pending(id)).await,
        }
    }
}

async fn answered<T>(answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let late = |_| StoreError::NoAnswer(LIMIT);
    timeout(LIMIT, answer).await.map_err(late)?
}
