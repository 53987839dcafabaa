//! The server of the order store.

use crate::config::ConfigRef;
use crate::order::{Order, Work};
use crate::store::{Connections, Done, Rescued, Store, StoreError, Totals};
use noex::ResourcePoolRef;
use noex::prelude::*;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long the first of a batch waits for others. One sync to disk then serves them all.
const COLLECT: Duration = Duration::from_millis(1);

/// Stores orders and strikes off work in batches, and finds them.
pub(crate) struct Database {
    store: Store,
    orders: Vec<(Arc<Order>, Reply<(), StoreError>)>,
    done: Vec<(Done, Reply<(), StoreError>)>,
}

/// The batch has waited long enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Commit;

#[gen_server(call_timeout = 2s)]
impl Database {
    #[init]
    pub(crate) async fn open(
        config: ConfigRef,
        connections: ResourcePoolRef<Connections>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let settings = config.settings().await?;
        Ok(Self {
            store: Store::open(&settings, connections).await?,
            orders: Vec::new(),
            done: Vec::new(),
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
        self.gather(cx);
        self.orders.push((order, reply));
    }

    /// Strikes off work that was done; answers when that is on disk. Asking again about the same work is harmless.
    #[call(deferred)]
    pub(crate) fn strike_off(
        &mut self,
        done: Done,
        cx: &mut Ctx<Self>,
        reply: Reply<(), StoreError>,
    ) {
        self.gather(cx);
        self.done.push((done, reply));
    }

    /// Stores the batch and answers everyone in it. Meanwhile the next one gathers in the mailbox, whose bound is the bound on
    /// waiting orders.
    #[info]
    async fn commit(&mut self, _: Commit) -> Result<(), FileRemoved> {
        let waiting = self.orders.drain(..);
        let (orders, mut replies): (Vec<_>, Vec<_>) =
            waiting.filter(|(_, reply)| !reply.is_cancelled()).unzip();
        let (done, struck_off): (Vec<_>, Vec<_>) = self.done.drain(..).unzip();
        replies.extend(struck_off);
        if replies.is_empty() {
            return Ok(());
        }
        let stored = self.store.write(orders, done).await;
        // Not a reason to crash: a full disk is as full after a restart, and everyone concerned is told.
        if let Err(error) = &stored {
            tracing::error!(%error, requests = replies.len(), "nothing of this batch was stored");
        }
        for reply in replies {
            reply.complete(stored.clone());
        }
        match stored {
            Err(_) => self.rescue().await,
            Ok(()) => Ok(()),
        }
    }

    /// The order with this id.
    #[call(spawn)]
    pub(crate) fn find(
        &self,
        id: Uuid,
    ) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send + 'static {
        let store = self.store.clone();
        async move { store.find(id).await }
    }

    /// Up to `most` orders for which this work is to be done, oldest first, from the one behind `after` on.
    #[call(spawn)]
    pub(crate) fn pending(
        &self,
        work: Work,
        after: Uuid,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Order>, StoreError>> + Send + 'static {
        let store = self.store.clone();
        async move { store.pending(work, after, most).await }
    }

    /// Whether some work for this order is still to be done.
    #[call(spawn)]
    pub(crate) fn is_pending(
        &self,
        id: Uuid,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send + 'static {
        let store = self.store.clone();
        async move { store.is_pending(id).await }
    }

    /// The number and sum of all orders, and what is left to do.
    #[call(spawn)]
    pub(crate) fn totals(
        &self,
    ) -> impl Future<Output = Result<Totals, StoreError>> + Send + 'static {
        let store = self.store.clone();
        async move { store.totals().await }
    }

    /// Panics: for the judge.
    #[cast]
    pub(crate) fn crash(&mut self) {
        panic!("a planted panic");
    }

    #[terminate]
    async fn close(&mut self, why: &ExitReason) -> Result<(), FileRemoved> {
        if !why.is_clean() {
            return Ok(());
        }
        self.commit(Commit).await?;
        // Without orders nothing else would notice.
        if let Err(error) = self.rescue().await {
            tracing::error!(%error, "noticed at the end");
        }
        Ok(())
    }

    /// Puts the file back if it was removed. The end of this server closes the connections to the old one, and its successor
    /// opens what is there then.
    async fn rescue(&mut self) -> Result<(), FileRemoved> {
        match self.store.rescue().await {
            Ok(None) => Ok(()),
            Ok(Some(rescued)) => Err(FileRemoved(rescued)),
            Err(error) => {
                tracing::error!(%error, "the removed file cannot be put back; tried again with the next order");
                Ok(())
            }
        }
    }

    /// The first of a batch sets the time of its commit.
    fn gather(&mut self, cx: &mut Ctx<Self>) {
        if self.orders.is_empty() && self.done.is_empty() {
            cx.send_after(COLLECT, Commit);
        }
    }
}

/// Why the server ends: the file was removed while it was in use.
#[derive(Debug)]
pub(crate) struct FileRemoved(Rescued);

impl fmt::Display for FileRemoved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rescued::InPlace => f.write_str(
                "the file of orders was removed while it was in use; it was put back and nothing is lost",
            ),
            Rescued::Aside(copy) => write!(
                f,
                "another file of orders was put in place of the one in use, and is used from now on; what the old one had is in {}",
                copy.display()
            ),
        }
    }
}

impl Error for FileRemoved {}
