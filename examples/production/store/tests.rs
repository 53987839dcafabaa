//! What both stores must do.

use super::*;
use crate::order::{Item, NewOrder};
use noex::environment::Environment;
use noex::{ResourcePool, ResourcePoolRef};
use noex_examples::postgres::{SKIPPED, Server};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError, Weak};
use tempfile::TempDir;

/// Where a test has its orders.
pub(super) struct Place {
    pub(super) settings: Arc<Settings>,
    pub(super) server: Option<Arc<Shared>>,
    _folder: TempDir,
}

/// A server with its folder. Shared by the tests that run at the same time; the last one ends it.
pub(super) type Shared = (Server, TempDir);

static SERVER: Mutex<Weak<Shared>> = Mutex::new(Weak::new());
static DATABASES: AtomicU32 = AtomicU32::new(0);

impl Place {
    pub(super) async fn sqlite() -> Option<Self> {
        Some(Place::at("", None))
    }

    /// A new database of the server that tests share; none where there is no PostgreSQL.
    pub(super) async fn postgres() -> Option<Self> {
        Some(Place::on(shared_server()?).await)
    }

    /// A server that no other test uses.
    pub(super) async fn own_postgres() -> Option<Self> {
        Some(Place::on(Arc::new(server()?)).await)
    }

    async fn on(server: Arc<Shared>) -> Self {
        let database = format!("test_{}", DATABASES.fetch_add(1, Relaxed));
        let (client, connection) =
            tokio_postgres::connect(&server.0.url("postgres"), tokio_postgres::NoTls)
                .await
                .expect("the server runs");
        tokio::spawn(connection);
        let create = format!("CREATE DATABASE {database}");
        client.batch_execute(&create).await.expect("a new name");
        Place::at(&server.0.url(&database), Some(server))
    }

    fn at(url: &str, server: Option<Arc<Shared>>) -> Self {
        let folder = folder();
        let data = folder.path().display().to_string();
        let environment = Environment::of([("DATA_DIR", &*data), ("DATABASE_URL", url)]);
        Place {
            settings: Arc::new(Settings::read(&environment).expect("they can be used")),
            server,
            _folder: folder,
        }
    }

    pub(super) async fn store(&self) -> Result<Store, StoreError> {
        Store::open(&self.settings, self.connections().await?).await
    }

    pub(super) async fn connections(&self) -> Result<ResourcePoolRef<Connections>, StoreError> {
        Store::check(&self.settings).await?;
        let connections = Connections(self.settings.clone());
        let pool = ResourcePool::<Connections>::start(connections, Store::pool_options()).await;
        Ok(pool.expect("they were just checked"))
    }
}

fn shared_server() -> Option<Arc<Shared>> {
    let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    let server = match shared.upgrade() {
        Some(server) => server,
        None => Arc::new(server()?),
    };
    *shared = Arc::downgrade(&server);
    Some(server)
}

fn server() -> Option<Shared> {
    let folder = folder();
    let server = Server::start(folder.path()).expect("an installed PostgreSQL starts");
    if server.is_none() {
        eprintln!("{SKIPPED}");
    }
    Some((server?, folder))
}

pub(super) fn order(customer: &str, price_cents: u64) -> Arc<Order> {
    let item = Item {
        sku: "tea".into(),
        quantity: 2,
        price_cents,
    };
    let order = NewOrder {
        customer: customer.into(),
        email: "ada@example.org".into(),
        items: vec![item],
    };
    Arc::new(order.accept())
}

pub(super) fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Each of these in both stores.
macro_rules! in_both {
    ($($name:ident)*) => {
        mod in_sqlite {
            $(#[tokio::test]
            async fn $name() -> Result<(), super::StoreError> {
                super::$name(super::Place::sqlite().await).await
            })*
        }
        mod in_postgres {
            $(#[tokio::test]
            async fn $name() -> Result<(), super::StoreError> {
                super::$name(super::Place::postgres().await).await
            })*
        }
    };
}

in_both! {
    what_was_stored_is_found_by_another_connection
    storing_twice_is_storing_once
    a_batch_is_stored_whole_or_not_at_all
    work_is_there_from_the_order_on_until_it_is_struck_off
    an_order_that_is_stored_again_is_not_worked_on_again
    stores_that_open_at_once_make_one_set_of_tables
    names_in_every_script_come_back
    readers_run_side_by_side
}

async fn what_was_stored_is_found_by_another_connection(
    place: Option<Place>,
) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let orders = vec![order("Ada", 450), order("Grace", 100)];
    place.store().await?.write(orders.clone(), vec![]).await?;

    let store = place.store().await?;
    for order in &orders {
        assert_eq!(store.find(order.id).await?.as_ref(), Some(&**order));
    }
    assert_eq!(store.find(Uuid::nil()).await?, None);
    let totals = Totals {
        orders: 2,
        revenue_cents: 1100,
        pending: [2; 3],
    };
    assert_eq!(store.totals().await?, totals);
    Ok(())
}

async fn storing_twice_is_storing_once(place: Option<Place>) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let store = place.store().await?;
    let (first, second) = (order("Ada", 450), order("Grace", 100));
    store.write(vec![first.clone()], vec![]).await?;
    store
        .write(vec![first, second.clone(), second], vec![])
        .await?;
    let totals = Totals {
        orders: 2,
        revenue_cents: 1100,
        pending: [2; 3],
    };
    assert_eq!(store.totals().await?, totals);
    Ok(())
}

async fn a_batch_is_stored_whole_or_not_at_all(place: Option<Place>) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let store = place.store().await?;
    let (good, large) = (order("Ada", 450), i64::MAX as u64);
    let (mut huge, mut too_large) = (order("Grace", 100), order("Mary", 100));
    Arc::make_mut(&mut huge).total_cents = large;
    Arc::make_mut(&mut too_large).total_cents = large + 1;
    // The one cannot be written; the other can, but then the sum cannot.
    for bad in [too_large, huge] {
        let batch = vec![good.clone(), order("Grace", 1), bad];
        assert!(store.write(batch, vec![]).await.is_err());
        assert_eq!(store.find(good.id).await?, None);
        assert_eq!(store.totals().await?, Totals::default());
    }
    Ok(())
}

async fn work_is_there_from_the_order_on_until_it_is_struck_off(
    place: Option<Place>,
) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let store = place.store().await?;
    let mut orders = vec![order("Ada", 450), order("Grace", 100), order("Mary", 1)];
    orders.sort_by_key(|order| order.id);
    store.write(orders.clone(), vec![]).await?;
    for work in Work::ALL {
        let ids = async |after, most| -> Result<Vec<_>, StoreError> {
            let pending = store.pending(work, after, most).await?;
            Ok(pending.into_iter().map(|order| order.id).collect())
        };
        assert_eq!(ids(Uuid::nil(), 2).await?, [orders[0].id, orders[1].id]);
        assert_eq!(ids(orders[1].id, 2).await?, [orders[2].id]);
    }
    for work in Work::ALL {
        assert!(store.is_pending(orders[0].id).await?);
        let done = Done {
            work,
            orders: [orders[0].id].into(),
        };
        store.write(vec![], vec![done.clone(), done]).await?;
    }
    assert!(!store.is_pending(orders[0].id).await?);
    assert!(store.is_pending(orders[1].id).await?);
    assert_eq!(store.totals().await?.pending, [2; 3]);
    Ok(())
}

async fn an_order_that_is_stored_again_is_not_worked_on_again(
    place: Option<Place>,
) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let store = place.store().await?;
    let order = order("Ada", 450);
    store.write(vec![order.clone()], vec![]).await?;
    let done = Work::ALL.map(|work| Done {
        work,
        orders: [order.id].into(),
    });
    store.write(vec![], done.into()).await?;
    store.write(vec![order.clone()], vec![]).await?;
    assert!(!store.is_pending(order.id).await?);
    Ok(())
}

async fn stores_that_open_at_once_make_one_set_of_tables(
    place: Option<Place>,
) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let place = Arc::new(place);
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let place = place.clone();
        opening.spawn(async move { place.store().await?.totals().await });
    }
    for totals in opening.join_all().await {
        assert_eq!(totals?, Totals::default());
    }
    Ok(())
}

async fn names_in_every_script_come_back(place: Option<Place>) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let store = place.store().await?;
    let order = order("Ωμέγα 漢字 \\ ' \" {} 🫖", 450);
    store.write(vec![order.clone()], vec![]).await?;
    assert_eq!(store.find(order.id).await?.as_ref(), Some(&*order));
    Ok(())
}

async fn readers_run_side_by_side(place: Option<Place>) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let store = place.store().await?;
    let order = order("Ada", 450);
    store.write(vec![order.clone()], vec![]).await?;
    let mut reading = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let (store, id) = (store.clone(), order.id);
        reading.spawn(async move { store.find(id).await });
    }
    for found in reading.join_all().await {
        assert_eq!(found?.as_ref(), Some(&*order));
    }
    Ok(())
}
