//! Trees with every kind of child.

use crate::everyday::Counter;
use crate::generic::Cache;
use noex::prelude::*;
use noex::supervisor::Spec;
use noex::{ChildSpec, Restart};
use std::{fmt::Debug, future, sync::Arc, time::Duration};

/// What the tree is to bear.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made by the test")]
pub struct Limits {
    /// Failures in the window.
    pub restarts: u32,
    /// How long failures count.
    pub window: Duration,
    /// How many workers.
    pub workers: usize,
}

/// Ends when it is told to.
async fn serve(port: u16, counter: Ref<Counter>) {
    drop((port, counter));
    noex::stopping().await;
}

supervisor! {
    /// The shop.
    #[tree(strategy = rest_for_one, intensity = limits.restarts in limits.window)]
    pub struct Shop(limits: Limits, label: &'static str, start: Arc<u64>) {
        /// It counts.
        #[child(name = label, restart = transient, shutdown = 1.5s, backoff = 10ms..limits.window)]
        counter: Counter(if limits.workers > 1 { **start } else { 0 });
        #[pool(size = limits.workers, route = least_busy)]
        workers: Counter([1, 2].iter().sum()),
        #[pool(size = 2, route = by_key, intensity = 5 in 1m)]
        parts: Counter(u64::from(limits.restarts)),
        #[dynamic(max = limits.workers, restart = temporary)]
        sessions: Counter,
        #[dynamic]
        jobs: noex::Task,
        /// An `async fn`.
        http: task(serve(80, counter)),
        /// Goes on for ever, and is told to stop by being dropped.
        ticker: task(async {
            loop {
                future::pending::<()>().await;
            }
        }),
        /// It takes what it needs with it, and ends.
        #[child(restart = transient)]
        window: task({
            let window = limits.window;
            async move {
                assert!(!future::ready(window).await.is_zero(), "a window");
            }
        }),
        never: task(future::pending::<()>()),
        by_hand: Ref<Counter> = Counter::child_spec(7).restart(Restart::Temporary),
        made: Ref<noex::Task> = endless(),
        #[tree(strategy = one_for_all)]
        web: {
            worker: Counter(1),
            server: Counter(2),
            inner: { id: Counter(3) },
        },
    }
}

fn endless() -> ChildSpec {
    ChildSpec::new("endless", || noex::Task::start(future::pending::<()>()))
}

/// A tree of a type that its caller chooses.
pub fn caches<K, V>(given: &[(K, V)]) -> Spec
where
    K: Ord + Debug + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    let seed = given.to_vec();
    supervisor! {
        #![tree(strategy = one_for_all)]
        first: Cache::<K, V>(seed.clone()),
        second: Cache::<K, V, 2>(vec![]),
    }
}
