//! Pools, dynamic supervisors, dependents and waits, as they are declared.

use noex::prelude::*;
use noex::supervisor::{Dynamic, Partitions, Pool, Strategy};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::Instant;

type Tested = Result<(), Box<dyn std::error::Error>>;

/// Counts its starts.
struct Db(Arc<AtomicU32>);

#[gen_server]
impl Db {
    #[init]
    fn open(starts: Arc<AtomicU32>) -> Self {
        starts.fetch_add(1, Relaxed);
        Self(starts)
    }

    #[call]
    fn starts(&self) -> u32 {
        self.0.load(Relaxed)
    }
}

/// Asks the database.
struct Worker {
    db: Ref<Db>,
    jobs: u64,
}

#[gen_server]
impl Worker {
    #[init]
    fn new(db: Ref<Db>, starts: Arc<AtomicU32>) -> Self {
        starts.fetch_add(1, Relaxed);
        Self { db, jobs: 0 }
    }

    /// How many jobs this one has done, and how often the database was started.
    #[call]
    async fn job(&mut self) -> Result<(u64, u32), CallError> {
        self.jobs += 1;
        Ok((self.jobs, self.db.starts().await?))
    }
}

struct Session {
    user: String,
    workers: Pool<Worker>,
}

#[gen_server]
impl Session {
    #[init]
    fn new(user: String, workers: Pool<Worker>) -> Self {
        Self { user, workers }
    }

    #[call]
    fn user(&self) -> String {
        self.user.clone()
    }

    #[call]
    async fn work(&mut self) -> Result<u64, CallError<CallError>> {
        Ok(self.workers.job().await?.0)
    }
}

#[derive(Clone, Default)]
struct Starts {
    db: Arc<AtomicU32>,
    workers: Arc<AtomicU32>,
    stores: Arc<AtomicU32>,
    lone: Arc<AtomicU32>,
}

struct Config {
    workers: usize,
    sessions: usize,
    starts: Starts,
}

supervisor! {
    #[tree(strategy = dependents, intensity = 100 in 1s)]
    struct Shop(cfg: Config) {
        db: Db(cfg.starts.db.clone()),
        #[pool(size = cfg.workers, route = round_robin, intensity = 100 in 1s)]
        workers: Worker(db, cfg.starts.workers.clone()),
        parts: {
            #[pool(size = 3, route = by_key)]
            stores: Worker(db, cfg.starts.stores.clone()),
            #[dynamic(max = cfg.sessions, restart = temporary)]
            sessions: Session,
        },
        #[child(backoff = 100ms..1s)]
        lone: Db(cfg.starts.lone.clone()),
        watch: task(watch(workers, parts)),
    }
}

async fn watch(workers: Pool<Worker>, parts: ShopParts) {
    let _ = (workers, parts);
    noex::stopping().await;
}

async fn shop() -> Result<(Shop, Starts), StartError> {
    let starts = Starts::default();
    let config = Config {
        workers: 2,
        sessions: 1,
        starts: starts.clone(),
    };
    Ok((Shop::start(config).await?, starts))
}

#[noex::test]
async fn a_pool_looks_like_its_server() -> Tested {
    let (shop, _) = shop().await?;
    let mut done = Vec::new();
    for _ in 0..4 {
        done.push(shop.workers().job().await?.0);
    }
    assert_eq!(done, [1, 1, 2, 2]);
    let workers: Pool<Worker> = shop.workers();
    assert_eq!(Pool::workers(&workers).len(), 2);
    let stores: Partitions<Worker> = shop.parts().stores();
    assert_eq!(stores.get("ann").pid(), stores.get("ann").pid());
    assert_eq!(stores.get(&4).pid(), stores.all()[1].pid());
    shop.stop().await?;
    Ok(())
}

#[noex::test]
async fn a_dynamic_child_is_started_with_its_arguments() -> Tested {
    let (shop, _) = shop().await?;
    let sessions: Dynamic<Session> = shop.parts().sessions();
    let ann = Session::start("ann".into(), shop.workers());
    let ann = sessions.start_child(ann).await?;
    assert_eq!((&*ann.user().await?, ann.work().await?), ("ann", 1));
    let bob = Session::start("bob".into(), shop.workers());
    assert!(
        sessions.start_child(bob).await.is_err(),
        "there is room for one"
    );
    ann.stop().await?;
    sessions
        .start_child(Session::start("carl".into(), shop.workers()))
        .await?;
    shop.stop().await?;
    Ok(())
}

#[noex::test]
async fn who_takes_a_child_depends_on_it() -> Tested {
    let (shop, starts) = shop().await?;
    let count = |of: &Arc<AtomicU32>| of.load(Relaxed);
    let before = shop.workers().pid();
    shop.db().kill();
    let watching = shop.watch();
    let old = watching.pid();
    // The last of those who depend on it, through the pool and the tree between them.
    while watching.pid() == old || !watching.is_alive() {
        tokio::task::yield_now().await;
    }
    assert_ne!(shop.workers().pid(), before);
    assert_eq!(shop.workers().job().await?.1, 2);
    let now = [&starts.db, &starts.workers, &starts.stores, &starts.lone].map(count);
    assert_eq!(now, [2, 4, 6, 1]);
    assert_eq!(Shop::tree().strategy, Strategy::Dependents);
    shop.stop().await?;
    Ok(())
}

#[noex::test]
async fn a_worker_fails_alone() -> Tested {
    let (shop, starts) = shop().await?;
    let workers = Pool::workers(&shop.workers());
    workers[0].kill();
    workers[0].exited().await;
    while !workers[0].is_alive() {
        tokio::task::yield_now().await;
    }
    // It finds the database from where it stands.
    assert_eq!(workers[0].job().await?, (1, 1));
    assert_eq!(starts.workers.load(Relaxed), 3);
    assert_eq!(starts.stores.load(Relaxed), 3);
    shop.stop().await?;
    Ok(())
}

#[noex::test(paused)]
async fn a_declared_backoff_waits() -> Tested {
    let (shop, _) = shop().await?;
    let begun = Instant::now();
    shop.lone().kill();
    shop.lone().exited().await;
    while !shop.lone().is_alive() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(begun.elapsed().as_millis() / 10, 10);
    shop.stop().await?;
    Ok(())
}
