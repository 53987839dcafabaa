//! The server of the order store.

use crate::config::ConfigRef;
use crate::order::Order;
use crate::store::{Store, StoreError, Totals};
use noex::prelude::*;
use std::error::Error;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::{JoinError, spawn_blocking};
use uuid::Uuid;

/// How long the first order of a batch waits for others. One sync to disk then serves them all.
const COLLECT: Duration = Duration::from_millis(1);

/// Stores orders in batches and finds them. What blocks is done on tokio's blocking threads.
pub(crate) struct Database {
    writer: Arc<Mutex<Store>>,
    reader: Arc<Mutex<Store>>,
    batch: Vec<(Arc<Order>, Reply<(), StoreError>)>,
}

/// The batch has waited long enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Commit;

#[gen_server(call_timeout = 2s)]
impl Database {
    #[init]
    pub(crate) async fn open(config: ConfigRef) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let settings = config.settings().await?;
        let open = move || -> Result<_, Box<dyn Error + Send + Sync>> {
            fs::create_dir_all(&settings.data_dir)?;
            let file = settings.orders();
            Ok((Store::open(&file)?, Store::open(&file)?))
        };
        let (writer, reader) = spawn_blocking(open).await??;
        Ok(Self {
            writer: Arc::new(Mutex::new(writer)),
            reader: Arc::new(Mutex::new(reader)),
            batch: Vec::new(),
        })
    }

    /// Stores an order; answers when it is on disk. Asking again about the same order is harmless.
    #[call(deferred)]
    pub(crate) fn insert(
        &mut self,
        order: Arc<Order>,
        cx: &mut Ctx<Self>,
        reply: Reply<(), StoreError>,
    ) {
        if self.batch.is_empty() {
            cx.send_after(COLLECT, Commit);
        }
        self.batch.push((order, reply));
    }

    /// Stores the batch and answers everyone in it. Meanwhile the next one gathers in the mailbox, whose bound is the bound on
    /// waiting orders.
    #[info]
    async fn commit(&mut self, _: Commit) -> Result<(), JoinError> {
        let batch = self.batch.drain(..);
        let (orders, replies): (Vec<_>, Vec<_>) =
            batch.filter(|(_, reply)| !reply.is_cancelled()).unzip();
        if orders.is_empty() {
            return Ok(());
        }
        let writer = self.writer.clone();
        let stored = spawn_blocking(move || lock(&writer).insert(&orders)).await?;
        // Not a reason to crash: a full disk is as full after a restart, and everyone concerned is told.
        if let Err(error) = &stored {
            tracing::error!(%error, orders = replies.len(), "orders were not stored");
        }
        for reply in replies {
            reply.complete(stored.clone());
        }
        Ok(())
    }

    /// The order with this id.
    #[call(spawn)]
    pub(crate) fn find(
        &self,
        id: Uuid,
    ) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send + 'static {
        self.read(move |store| store.find(id))
    }

    /// The number and sum of all orders.
    #[call(spawn)]
    pub(crate) fn totals(
        &self,
    ) -> impl Future<Output = Result<Totals, StoreError>> + Send + 'static {
        self.read(Store::totals)
    }

    /// Panics: for the judge.
    #[cast]
    pub(crate) fn crash(&mut self) {
        panic!("a planted panic");
    }

    #[terminate]
    async fn close(&mut self, why: &ExitReason) -> Result<(), JoinError> {
        match why.is_clean() {
            true => self.commit(Commit).await,
            false => Ok(()),
        }
    }

    fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> T + Send + 'static,
    ) -> impl Future<Output = T> + Send + 'static {
        let reader = self.reader.clone();
        let reading = spawn_blocking(move || read(&lock(&reader)));
        async { reading.await.expect("reading does not panic") }
    }
}

/// A panic leaves a connection usable: its transaction was rolled back and its statements were reset.
fn lock(store: &Mutex<Store>) -> MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}
