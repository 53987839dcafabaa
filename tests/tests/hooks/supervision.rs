//! Restarts.

use super::scenario::{ROUNDS, scenario, soon, within};
use noex::Restart;
use noex::prelude::*;
use noex::supervisor::{ChildState, Dynamic, DynamicSpec, Pool, PoolSpec, Spec, Supervisor};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// All lives of a child.
#[derive(Clone, Default)]
struct Lives(Arc<Mutex<Vec<PhoenixRef>>>);

impl Lives {
    fn count(&self) -> u64 {
        self.0.lock().expect("nothing panics here").len() as u64
    }
}

struct Phoenix;

#[gen_server]
impl Phoenix {
    /// Nothing may be left of the life before.
    #[init]
    fn new(lives: Lives, cx: &mut Ctx<Self>) -> Self {
        let mut lives = lives.0.lock().expect("nothing panics here");
        if let Some(before) = lives.last() {
            assert!(!before.is_alive(), "the one before is alive");
        }
        lives.push(cx.myself());
        Self
    }

    #[call]
    fn ping(&self) {}
}

struct Watcher(UnboundedSender<()>);

#[gen_server]
impl Watcher {
    #[call]
    fn watch(&self, phoenix: PhoenixRef, cx: &mut Ctx<Self>) {
        cx.monitor(&phoenix);
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        let _ = self.0.send(());
    }
}

const OFTEN: (u32, Duration) = (1_000_000, Duration::from_secs(1));

#[test]
fn each_death_is_one_restart() {
    scenario(async {
        let lives = Lives::default();
        let child = Phoenix::child_spec(lives.clone()).id("it").name("it");
        let spec = Spec::new("tree").intensity(OFTEN.0, OFTEN.1).child(child);
        let tree = Supervisor::start(spec).await.expect("it starts");
        let named = Phoenix::named("it");
        let (tell, mut downs) = unbounded_channel();
        let watcher = Watcher(tell).start().await.expect("it starts");
        for round in 1..=ROUNDS {
            let old = named.current().expect("it runs");
            watcher.watch(old.clone()).await.expect("it runs");
            old.kill();
            within("DOWN", downs.recv())
                .await
                .expect("the watcher lives");
            let children = tree.children().await.expect("it runs");
            let listed = (children[0].state, children[0].pid);
            assert_ne!(listed, (ChildState::Running, None), "it is down");
            soon("the next life", || lives.count() > round).await;
            within("an answer", named.ping())
                .await
                .expect("it is there");
        }
        // No attempt has failed, and none was made twice.
        assert_eq!(tree.children().await.expect("it runs")[0].restarts, ROUNDS);
        assert_eq!(lives.count(), ROUNDS + 1);
        watcher.stop().await.expect("it ran");
        tree.stop().await.expect("it ran");
    });
}

struct Worker;

#[gen_server]
impl Worker {
    #[init]
    fn new() -> Self {
        Self
    }

    #[cast]
    fn work(&mut self) {}

    #[call]
    fn ping(&self) {}
}

#[test]
fn a_pool_passes_over_the_dead() {
    scenario(async {
        let spec = PoolSpec::new("pool", 2, |_| Worker::start()).intensity(OFTEN.0, OFTEN.1);
        let pool = Pool::<Worker>::start(spec).await.expect("it starts");
        let workers = Pool::workers(&pool);
        for round in 0..ROUNDS {
            let worker = workers[round as usize % 2].current().expect("it runs");
            worker.kill();
            within("its end", worker.exited()).await;
            for _ in 0..4 {
                pool.work().expect("the other one runs");
            }
            soon("the restart", || workers.iter().all(|w| w.is_alive())).await;
            let ready = workers.iter().map(|worker| worker.ping());
            for ping in ready {
                within("an answer", ping).await.expect("it is there");
            }
        }
        Pool::supervisor(&pool).stop().await.expect("it ran");
    });
}

#[test]
fn a_child_that_has_started_is_in_its_place() {
    scenario(async {
        let crowd = DynamicSpec::new("crowd").restart(Restart::Transient);
        let crowd = Dynamic::<Worker>::start(crowd);
        let crowd = crowd.await.expect("it starts");
        for _ in 0..ROUNDS {
            let start = crowd.start_child(Worker::start);
            let worker = within("the start", start).await.expect("it starts");
            within("an answer", worker.ping())
                .await
                .expect("it is there");
            worker.stop().await.expect("it ran");
        }
        crowd.stop().await.expect("it ran");
    });
}
