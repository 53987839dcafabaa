//! Orders in PostgreSQL.

mod schema;

use crate::order::{Item, Order, Work};
use crate::remote::DatabaseServer;
use crate::store::{Done, StoreError, Totals};
use std::sync::Arc;
use tokio_postgres::types::{Json, ToSql, Type};
use tokio_postgres::{Client, Row};
use tokio_postgres_rustls::MakeRustlsConnect;
use uuid::Uuid;

/// One connection to the server.
#[derive(Debug)]
pub(crate) struct Connection {
    client: Client,
}

impl Connection {
    /// Connects, and makes the tables if there are none.
    pub(super) async fn open(server: &DatabaseServer) -> Result<Self, StoreError> {
        let tls = MakeRustlsConnect::new(server.tls.clone());
        let (client, connection) = server.address.connect(tls).await?;
        // It ends with the client, or tells it that the server is gone.
        tokio::spawn(connection);
        schema::migrate(&client).await?;
        Ok(Connection { client })
    }

    pub(super) fn still_there(&self) -> Result<(), StoreError> {
        match self.client.is_closed() {
            true => Err(StoreError::Closed),
            false => Ok(()),
        }
    }

    pub(super) async fn write(
        &self,
        orders: &[Arc<Order>],
        done: &[Done],
    ) -> Result<(), StoreError> {
        let of = orders.iter();
        let ids: Vec<_> = of.clone().map(|order| order.id).collect();
        let customers: Vec<_> = of.clone().map(|order| &*order.customer).collect();
        let emails: Vec<_> = of.clone().map(|order| &*order.email).collect();
        let items: Vec<_> = of.clone().map(|order| Json(&order.items)).collect();
        let totals = of.clone().map(|order| stored(order.total_cents));
        let totals = totals.collect::<Result<Vec<_>, _>>()?;
        let created = of.map(|order| stored(order.created_ms));
        let created = created.collect::<Result<Vec<_>, _>>()?;
        let work = Work::ALL.map(number);
        let (done_work, done_ids): (Vec<_>, Vec<_>) = done
            .iter()
            .flat_map(|done| done.orders.iter().map(|id| (number(done.work), *id)))
            .unzip();
        let parameters: [(&(dyn ToSql + Sync), Type); 9] = [
            (&ids, Type::UUID_ARRAY),
            (&customers, Type::TEXT_ARRAY),
            (&emails, Type::TEXT_ARRAY),
            (&items, Type::JSONB_ARRAY),
            (&totals, Type::INT8_ARRAY),
            (&created, Type::INT8_ARRAY),
            (&&work[..], Type::INT2_ARRAY),
            (&done_work, Type::INT2_ARRAY),
            (&done_ids, Type::UUID_ARRAY),
        ];
        self.client
            .execute_typed(schema::WRITE, &parameters)
            .await?;
        Ok(())
    }

    pub(super) async fn find(&self, id: Uuid) -> Result<Option<Order>, StoreError> {
        let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&id, Type::UUID)];
        let row = self
            .client
            .query_typed_opt(schema::FIND, &parameters)
            .await?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    pub(super) async fn totals(&self) -> Result<Totals, StoreError> {
        let row = self.client.query_typed_one(schema::TOTALS, &[]).await?;
        let number = |column| row.try_get(column).map(|number: i64| number as u64);
        Ok(Totals {
            orders: number(0)?,
            revenue_cents: number(1)?,
            pending: [number(2)?, number(3)?, number(4)?],
        })
    }

    pub(super) async fn pending(
        &self,
        work: Work,
        after: Uuid,
        most: usize,
    ) -> Result<Vec<Order>, StoreError> {
        let (work, most) = (number(work), most as i64);
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&work, Type::INT2),
            (&after, Type::UUID),
            (&most, Type::INT8),
        ];
        let rows = self
            .client
            .query_typed(schema::PENDING, &parameters)
            .await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    pub(super) async fn is_pending(&self, id: Uuid) -> Result<bool, StoreError> {
        let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&id, Type::UUID)];
        let row = self
            .client
            .query_typed_one(schema::IS_PENDING, &parameters)
            .await?;
        Ok(row.try_get(0)?)
    }
}

fn number(work: Work) -> i16 {
    work.number().into()
}

/// PostgreSQL has no numbers without a sign.
fn stored(number: u64) -> Result<i64, StoreError> {
    number.try_into().map_err(|_| StoreError::TooLarge(number))
}

fn read(row: &Row) -> Result<Order, tokio_postgres::Error> {
    let Json(items): Json<Vec<Item>> = row.try_get(3)?;
    Ok(Order {
        id: row.try_get(0)?,
        customer: row.try_get(1)?,
        email: row.try_get(2)?,
        items,
        total_cents: row.try_get::<_, i64>(4)? as u64,
        created_ms: row.try_get::<_, i64>(5)? as u64,
    })
}

#[cfg(test)]
mod tests;
