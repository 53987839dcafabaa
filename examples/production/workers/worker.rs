//! The server that works off one kind of work.

use super::delivery::Delivery;
use super::{DeliveryError, DoneList};
use crate::AppCore;
use crate::order::{Order, Work};
use crate::shared::Shared;
use crate::store::{Done, StoreError};
use noex::prelude::*;
use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Orders that are read, worked on and struck off together.
const BATCH: usize = 100;
/// How long the first order waits for others: a batch is read and struck off as quickly as one order.
const GATHER: Duration = Duration::from_millis(10);
/// When nobody says that there is work.
const LOOK_ANYWAY: Duration = Duration::from_secs(1);
/// The first pause after a failure; it doubles with every further one, up to a limit.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long an order is left alone that failed while others may go well.
const SET_ASIDE: Duration = Duration::from_secs(60);
/// How long a worker that is to stop goes on with what is left. The rest is done after the next start.
const LAST_EFFORT: Duration = Duration::from_secs(5);

/// Takes the orders that the outbox has for it, oldest first, and strikes off what it has done. There is one worker for each
/// kind of work, so no order need be claimed.
pub(crate) struct Worker {
    work: Work,
    core: AppCore,
    shared: Arc<Shared>,
    delivery: Delivery,
    done: DoneList,
    /// Orders to be left alone, and until when.
    set_aside: HashMap<Uuid, Instant>,
    /// The last order of this round through the outbox.
    after: Uuid,
    /// In a row.
    failures: u32,
    /// It looks soon, or after a failure when it should: there is no need to wake it.
    awake: bool,
    next: Option<noex::Timer>,
}

/// It is time to look for work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look;

#[gen_server(shutdown = 30s)]
impl Worker {
    #[init]
    pub(crate) fn new(work: Work, core: AppCore, shared: Arc<Shared>, cx: &mut Ctx<Self>) -> Self {
        let done = shared.done(work);
        let delivery = Delivery::of(work, &shared.settings);
        let mut worker = Self {
            work,
            core,
            shared,
            delivery,
            done,
            set_aside: HashMap::new(),
            after: Uuid::nil(),
            failures: 0,
            awake: true,
            next: None,
        };
        worker.look_in(GATHER, cx);
        worker
    }

    /// Says that there is work.
    #[cast]
    pub(crate) fn wake(&mut self, cx: &mut Ctx<Self>) {
        if !self.awake {
            self.awake = true;
            self.look_in(GATHER, cx);
        }
    }

    /// Works off one batch, so that others get a word in between.
    #[info]
    async fn look(&mut self, _: Look, cx: &mut Ctx<Self>) {
        let (awake, pause) = match self.batch().await {
            Ok(Found::More) => (true, Duration::ZERO),
            Ok(Found::AllThereWas) => (false, LOOK_ANYWAY),
            Err(error) => (true, self.failed(&error)),
        };
        self.awake = awake;
        self.look_in(pause, cx);
    }

    /// Answers: for the judge.
    #[call]
    pub(crate) fn ping(&self) {}

    /// Panics: for the judge.
    #[cast]
    pub(crate) fn crash(&mut self) {
        panic!("a planted panic");
    }

    #[terminate]
    async fn finish(&mut self, why: &ExitReason) {
        if !why.is_clean() {
            return;
        }
        let until = tokio::time::Instant::now() + LAST_EFFORT;
        self.after = Uuid::nil();
        while let Ok(Found::More) = self.batch().await
            && tokio::time::Instant::now() < until
        {}
    }

    fn look_in(&mut self, pause: Duration, cx: &mut Ctx<Self>) {
        if let Some(timer) = self.next.take() {
            cx.cancel(timer);
        }
        self.next = Some(cx.send_after(pause, Look));
    }

    async fn batch(&mut self) -> Result<Found, WorkError> {
        self.strike_off().await?;
        let database = self.core.database();
        let orders = database.pending(self.work, self.after, BATCH).await?;
        let last = orders.last().map(|order| order.id);
        let full = orders.len() == BATCH;
        let due = self.due(orders);
        let count = due.len();

        let delivered = self.delivery.deliver(due, &self.done).await;
        let tried = delivered.done + delivered.refused.len();
        for (order, error) in delivered.refused {
            self.refused(order, &error);
        }
        self.strike_off().await?;
        if let Some(error) = delivered.failed {
            return Err(WorkError::Delivery(error));
        }
        if mem::take(&mut self.failures) > 0 {
            tracing::info!(worker = self.work.name(), "works again");
        }
        match last {
            _ if tried < count => Ok(Found::More),
            Some(last) if full => {
                self.after = last;
                Ok(Found::More)
            }
            // The next round begins with the oldest: an order may have come that is older than the last.
            _ => {
                self.after = Uuid::nil();
                Ok(Found::AllThereWas)
            }
        }
    }

    /// Those that are not to be left alone.
    fn due(&self, mut orders: Vec<Order>) -> Vec<Order> {
        let now = Instant::now();
        let due = |order: &Order| {
            self.set_aside
                .get(&order.id)
                .is_none_or(|until| *until <= now)
        };
        orders.retain(due);
        orders
    }

    async fn strike_off(&mut self) -> Result<(), WorkError> {
        let orders = self.done.orders();
        if orders.is_empty() {
            return Ok(());
        }
        let done = Done {
            work: self.work,
            orders: orders.clone(),
        };
        self.core.database().strike_off(done).await?;
        self.done.forget(orders.len());
        for order in &*orders {
            self.set_aside.remove(order);
        }
        Ok(())
    }

    /// Tells which order failed alone, and leaves it alone for a while.
    fn refused(&mut self, order: Uuid, error: &DeliveryError) {
        self.set_aside.insert(order, Instant::now() + SET_ASIDE);
        self.shared.failed(self.work);
        tracing::error!(worker = self.work.name(), %order, %error, again_in = ?SET_ASIDE, "one order waits");
    }

    /// Tells what failed, and for how long the work waits.
    fn failed(&mut self, error: &WorkError) -> Duration {
        let pause = PAUSE
            .saturating_mul(1 << self.failures.min(10))
            .min(LONGEST_PAUSE);
        self.failures += 1;
        self.shared.failed(self.work);
        tracing::error!(worker = self.work.name(), %error, again_in = ?pause, "the work waits");
        pause
    }
}

/// What a look into the outbox brought.
enum Found {
    More,
    AllThereWas,
}

/// Why the work waits.
#[derive(Debug)]
enum WorkError {
    Database(CallError<StoreError>),
    Delivery(DeliveryError),
}

impl fmt::Display for WorkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkError::Database(error) => write!(f, "the outbox cannot be used: {error}"),
            WorkError::Delivery(error) => error.fmt(f),
        }
    }
}

impl From<CallError<StoreError>> for WorkError {
    fn from(error: CallError<StoreError>) -> Self {
        WorkError::Database(error)
    }
}
