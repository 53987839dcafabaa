//! A tree with nesting, a sibling argument, a task and an intensity from the configuration.

use noex::prelude::*;
use std::time::Duration;

#[derive(Clone)]
pub struct ShopConfig {
    url: String,
    max_restarts: u32,
    window: Duration,
}

struct Db {
    url: String,
}

#[gen_server]
impl Db {
    #[init]
    fn open(url: String) -> Self {
        Self { url }
    }

    #[call]
    fn url(&self) -> String {
        self.url.clone()
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }
}

struct Cache {
    db: DbRef,
}

#[gen_server]
impl Cache {
    #[init]
    fn new(db: DbRef) -> Self {
        Self { db }
    }

    #[call]
    async fn url(&mut self) -> Result<String, CallError> {
        self.db.url().await
    }
}

async fn serve(cache: CacheRef) {
    let _ = cache.url().await;
    noex::stopping().await;
}

supervisor! {
    /// The shop.
    #[tree(strategy = rest_for_one, intensity = cfg.max_restarts in cfg.window)]
    pub struct Shop(cfg: ShopConfig) {
        /// Orders live here.
        #[child(shutdown = 10s, name = "shop/database")]
        db: Db(cfg.url.clone()),
        cache: Cache(db),
        #[tree(strategy = one_for_one)]
        web: {
            http: task(serve(cache)),
            second: Cache(db),
        },
        other: Workers(3),
    }
}

supervisor! {
    pub struct Workers(n: u64) {
        a: Worker(*n),
        b: Worker(n + 1),
    }
}

struct Worker(u64);

#[gen_server]
impl Worker {
    #[init]
    fn new(n: u64) -> Self {
        Self(n)
    }

    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

fn config() -> ShopConfig {
    ShopConfig {
        url: "db://".into(),
        max_restarts: 5,
        window: Duration::from_secs(30),
    }
}

#[tokio::test]
async fn refs_follow_restarts() -> Result<(), Box<dyn std::error::Error>> {
    let shop = Shop::start(config()).await?;
    let (db, cache) = (shop.db(), shop.cache());
    assert_eq!(cache.url().await?, "db://");
    let first = cache.pid();
    db.crash()?;
    while cache.pid() == first || cache.pid().is_none() || !shop.other().is_alive() {
        tokio::task::yield_now().await;
    }
    assert_eq!(cache.url().await?, "db://");
    assert_eq!(shop.web().second().url().await?, "db://");
    assert_eq!(shop.other().b().get().await?, 4);
    shop.stop().await?;
    assert!(!cache.is_alive() && !db.is_alive());
    Ok(())
}

#[test]
fn the_tree_is_data() {
    let tree = Shop::tree();
    assert_eq!(tree.name, "Shop");
    let ids: Vec<_> = tree.children.iter().map(|c| c.id).collect();
    assert_eq!(ids, ["db", "cache", "web", "other"]);
}
