//! The resources of one pool, shared by its process and all who use them.

use super::books::{Books, Idle};
use super::place::Place;
use super::{AcquireError, CheckedOut, ResourceManager, ResourcePoolOptions, ResourcePoolStats};
use crate::clock::{self, Instant};
use crate::process::{Beside, run_beside};
use crate::server::queued_context;
use crate::sync::Mutex;
use crate::system::System;
use crate::task;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore, TryAcquireError};
use tokio::time::{timeout, timeout_at};

/// So often a pool that lacks resources tries again to make them.
const RETRY: Duration = Duration::from_secs(30);

pub(super) struct Store<M: ResourceManager> {
    pub(super) manager: M,
    options: ResourcePoolOptions,
    /// Fair: the first to wait for a place gets the first that is free.
    places: Semaphore,
    pub(super) books: Mutex<Books<M::Resource>>,
    /// Told when a closed pool has everything back.
    all_back: Notify,
    runtime: Handle,
    system: System,
}

impl<M: ResourceManager> Store<M> {
    /// An empty one, whose resources are closed on the runtime and in the system of here.
    pub(super) fn new(manager: M, options: ResourcePoolOptions) -> Self {
        Store {
            manager,
            places: Semaphore::new(options.max),
            books: Mutex::new(Books::new(&options)),
            all_back: Notify::new(),
            runtime: Handle::current(),
            system: System::current(),
            options,
        }
    }

    /// Makes resources until there are as many as are to be kept.
    pub(super) async fn fill(self: &Arc<Self>) -> Result<(), M::Error> {
        while let Some(place) = self.place_if_lacking() {
            let resource = self.create().await?;
            self.give_back(resource, place);
        }
        Ok(())
    }

    /// Fills it beside its users: what is wrong is logged, and tried again later.
    pub(super) async fn mend(self: Arc<Self>) {
        let after = self.options.acquire_timeout;
        match timeout(after, self.fill()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(target: "noex::resource_pool", %error, "a pool has fewer resources than it should: none can be made");
            }
            Err(_) => {
                tracing::warn!(target: "noex::resource_pool", ?after, "a pool has fewer resources than it should: making one takes too long");
            }
        }
    }

    pub(super) async fn acquire(self: &Arc<Self>) -> Result<CheckedOut<M>, AcquireError<M::Error>> {
        let (_, limit) = queued_context(self.options.acquire_timeout);
        let outcome = match limit.at {
            Some(at) => timeout_at(at, self.check_out()).await.unwrap_or({
                let after = limit.after;
                Err(AcquireError::Timeout { after })
            }),
            None => self.check_out().await,
        };
        self.books.lock().note_outcome(&outcome);
        outcome.map(CheckedOut::lend)
    }

    async fn check_out(self: &Arc<Self>) -> Result<CheckedOut<M>, AcquireError<M::Error>> {
        let mut place = self.wait_for_place().await?;
        while let Some(resource) = self.take_idle() {
            let mut candidate = CheckedOut::unchecked(resource, place);
            let Err(error) = self.manager.check(&mut candidate).await else {
                return self.unless_closed(candidate);
            };
            tracing::debug!(target: "noex::resource_pool", %error, "a resource cannot be used any more");
            self.books.lock().counts.errors += 1;
            let (resource, free) = candidate.into_parts();
            place = free;
            place.close(resource).await;
        }
        let resource = self.create().await.map_err(AcquireError::Failed)?;
        self.unless_closed(CheckedOut::unchecked(resource, place))
    }

    fn unless_closed(
        &self,
        candidate: CheckedOut<M>,
    ) -> Result<CheckedOut<M>, AcquireError<M::Error>> {
        let closed = self.books.lock().closed;
        match closed {
            false => Ok(candidate),
            true => Err(AcquireError::NotRunning),
        }
    }

    async fn wait_for_place(self: &Arc<Self>) -> Result<Place<M>, AcquireError<M::Error>> {
        let permit = match self.places.try_acquire() {
            Ok(permit) => permit,
            Err(TryAcquireError::Closed) => return Err(AcquireError::NotRunning),
            Err(TryAcquireError::NoPermits) => {
                let _waiting = Waiting::begin(self)?;
                let permit = self.places.acquire().await;
                permit.map_err(|_| AcquireError::NotRunning)?
            }
        };
        let mut books = self.books.lock();
        if books.closed {
            return Err(AcquireError::NotRunning);
        }
        permit.forget();
        Ok(self.enter(&mut books))
    }

    /// A place for one more resource, if there are fewer than are to be kept and nobody has all places.
    fn place_if_lacking(self: &Arc<Self>) -> Option<Place<M>> {
        let permit = self.places.try_acquire().ok()?;
        let mut books = self.books.lock();
        if books.closed || books.open() >= self.options.min {
            return None;
        }
        permit.forget();
        Some(self.enter(&mut books))
    }

    fn enter(self: &Arc<Self>, books: &mut Books<M::Resource>) -> Place<M> {
        books.held += 1;
        Place::new(self)
    }

    /// A place is free again.
    pub(super) fn leave(&self, closing: bool) {
        let mut books = self.books.lock();
        books.held -= 1;
        books.closing -= usize::from(closing);
        let (closed, last) = (books.closed, books.held == 0);
        drop(books);
        if !closed {
            self.places.add_permits(1);
        } else if last {
            self.all_back.notify_one();
        }
    }

    fn take_idle(&self) -> Option<M::Resource> {
        self.books.lock().idle.pop_back().map(|idle| idle.resource)
    }

    async fn create(&self) -> Result<M::Resource, M::Error> {
        let made = self.manager.create().await;
        let mut books = self.books.lock();
        match &made {
            Ok(_) => books.counts.created += 1,
            Err(_) => books.counts.errors += 1,
        }
        made
    }

    /// The resource is idle from now on, unless the pool is closed: then it is closed as well.
    pub(super) fn give_back(self: &Arc<Self>, resource: M::Resource, place: Place<M>) {
        let mut books = self.books.lock();
        if books.closed {
            drop(books);
            return self.close_in_background(resource, place);
        }
        let since = clock::now();
        books.idle.push_back(Idle { resource, since });
        drop(books);
        drop(place);
    }

    /// Closes a resource, which keeps its place meanwhile, and replaces it if too few are left.
    pub(super) fn close_in_background(
        self: &Arc<Self>,
        resource: M::Resource,
        mut place: Place<M>,
    ) {
        let store = self.clone();
        self.in_background(async move {
            let after = store.options.acquire_timeout;
            if timeout(after, place.close(resource)).await.is_err() {
                tracing::warn!(target: "noex::resource_pool", ?after, "a resource was dropped: closing it takes too long");
            }
            drop(place);
            store.mend().await;
        });
    }

    /// Runs a future that belongs to nobody's process, in the system of the pool.
    fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        let beside = Beside::of(&self.system);
        task::spawn(&self.runtime, async move {
            if let Err(reason) = run_beside(&beside, work).await {
                tracing::error!(target: "noex::crash", %reason, "the manager of a resource pool crashed beside its users");
            }
        });
    }

    /// Closes those that nobody has needed for long, and tells when to look again.
    pub(super) fn thin_out(self: &Arc<Self>) -> Duration {
        let now = clock::now();
        while let Some((resource, place)) = self.take_expired(now) {
            self.close_in_background(resource, place);
        }
        let limit = self.options.idle_timeout;
        let oldest = self.books.lock().idle.front().map(|idle| idle.since);
        let due = oldest.map(|since| clock::later(since, limit).saturating_duration_since(now));
        // One that is due and still here is to be kept.
        let due = due.filter(|due| !due.is_zero()).unwrap_or(limit);
        due.min(RETRY)
    }

    fn take_expired(self: &Arc<Self>, now: Instant) -> Option<(M::Resource, Place<M>)> {
        let permit = self.places.try_acquire().ok()?;
        let mut books = self.books.lock();
        let since = books.idle.front()?.since;
        if books.open() <= self.options.min || now < clock::later(since, self.options.idle_timeout)
        {
            return None;
        }
        let idle = books.idle.pop_front()?;
        permit.forget();
        let mut place = self.enter(&mut books);
        place.begin_closing(&mut books);
        Some((idle.resource, place))
    }

    /// Lends nothing more, and closes what is idle. Tells how many resources are not here.
    pub(super) fn close(self: &Arc<Self>) -> usize {
        let mut books = self.books.lock();
        books.closed = true;
        let out = books.held;
        let idle = std::mem::take(&mut books.idle);
        let idle: Vec<_> = idle
            .into_iter()
            .map(|idle| (idle.resource, self.enter(&mut books)))
            .collect();
        drop(books);
        self.places.close();
        for (resource, place) in idle {
            self.close_in_background(resource, place);
        }
        out
    }

    pub(super) fn stats(&self) -> ResourcePoolStats {
        self.books.lock().stats()
    }

    /// Ready when a closed pool has everything back, and that is closed too.
    pub(super) async fn emptied(&self) {
        while self.books.lock().held > 0 {
            self.all_back.notified().await;
        }
    }
}

/// One who waits for a place.
struct Waiting<'a, M: ResourceManager>(&'a Store<M>);

impl<'a, M: ResourceManager> Waiting<'a, M> {
    fn begin(store: &'a Store<M>) -> Result<Self, AcquireError<M::Error>> {
        let mut books = store.books.lock();
        let waiting = books.counts.waiting;
        if waiting >= store.options.max_waiting {
            return Err(AcquireError::Full { waiting });
        }
        books.counts.waiting += 1;
        Ok(Waiting(store))
    }
}

impl<M: ResourceManager> Drop for Waiting<'_, M> {
    fn drop(&mut self) {
        self.0.books.lock().counts.waiting -= 1;
    }
}
