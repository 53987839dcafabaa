//! Processes that are started under a key.

use super::actor::{Actor, Outcome, Unique, actor, kill, pid, register};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{ChildSpec, KeyRegistry};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::timeout;

/// Counts its inits, and finds itself in them.
struct Born {
    keys: Unique,
}

#[gen_server]
impl Born {
    #[init]
    fn new(
        keys: Unique,
        inits: Arc<AtomicU32>,
        fail: bool,
        cx: &mut Ctx<Self>,
    ) -> Result<Self, String> {
        inits.fetch_add(1, Relaxed);
        let found = keys.lookup("k").expect("it is registered before init");
        assert_eq!(found.pid(), cx.pid());
        match fail {
            true => Err("as told".into()),
            false => Ok(Self { keys }),
        }
    }

    #[call]
    fn rename(&mut self, key: &'static str) -> bool {
        self.keys.unregister("k") == 1 && self.keys.register(key.into(), 7).is_ok()
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as told");
    }
}

#[noex::test]
async fn rg_12_start_under_a_taken_key_never_runs_init() -> Outcome {
    let (keys, inits) = (Unique::unique(), Arc::<AtomicU32>::default());
    let owner = actor().await?;
    register(&owner, &keys, "k", 1).await?;
    let born = |fail| Born::start(keys.clone(), inits.clone(), fail).via(&keys, "k".into(), 5);
    let refused = born(false).await;
    assert!(matches!(refused, Err(StartError::NameTaken(pid_of)) if pid_of == pid(&owner)));
    // What it did get is free again.
    let refused = born(false).name("born").await;
    assert!(matches!(refused, Err(StartError::NameTaken(_))));
    assert_eq!(System::current().registry().names(), []);
    assert_eq!(inits.load(Relaxed), 0);
    kill(&owner).await?;
    // A start that fails later gives the key back.
    assert!(matches!(born(true).await, Err(StartError::Failed(_))));
    assert_eq!(keys.count(), 0);
    let it = born(false).name("born").await?;
    assert_eq!(inits.load(Relaxed), 2);
    assert!(it.rename("l").await?);
    assert_eq!(keys.keys(it.pid().expect("one process")), ["l"]);
    it.stop().await?;
    assert_eq!(keys.count(), 0);
    Ok(())
}

#[noex::test]
async fn start_refused_for_a_key_answers_those_who_found_its_name() -> Outcome {
    let keys = Unique::unique();
    let owner = Actor.start().via(&keys, "k".into(), 1).await?;
    // It is found by its name before it is refused for its key: whoever waits for it must not wait for ever.
    let spy = KeyRegistry::<Spy, ()>::unique();
    let start = Actor
        .start()
        .name("half")
        .via(&spy, Spy, ())
        .via(&keys, "k".into(), 2);
    assert!(matches!(start.await, Err(StartError::NameTaken(_))));
    let found = FOUND
        .with(|found| found.borrow_mut().take())
        .expect("it was found");
    let reason = timeout(Duration::from_secs(10), found.exited()).await?;
    assert_eq!(Some(reason), found.exit_reason());
    assert!(!found.is_alive());
    assert_eq!(found.ping().await, Err(CallError::NotRunning));
    kill(&owner).await
}

std::thread_local! {
    static FOUND: std::cell::RefCell<Option<super::actor::ActorRef>> =
        const { std::cell::RefCell::new(None) };
}

/// A key that looks, when it is cloned, for who is about to be registered.
#[derive(PartialEq, Eq, Hash)]
struct Spy;

impl Clone for Spy {
    fn clone(&self) -> Self {
        FOUND.with(|found| *found.borrow_mut() = Process::<Actor>::lookup("half"));
        Spy
    }
}

#[noex::test]
async fn refs_follow_a_key_over_restarts() -> Outcome {
    let (keys, inits) = (Unique::unique(), Arc::<AtomicU32>::default());
    let (its_keys, its_inits) = (keys.clone(), inits.clone());
    let start = move || {
        Born::start(its_keys.clone(), its_inits.clone(), false).via(&its_keys, "k".into(), 5)
    };
    let born = keys.via::<Born>("k".into());
    assert_eq!(born.pid(), None);
    assert_eq!(born.rename("l").await, Err(CallError::NotRunning));
    let spec = Spec::new("tree").child(ChildSpec::new::<Born>("born", start));
    let tree = Supervisor::start(spec).await?;
    let first = born.current().expect("it runs");
    first.crash()?;
    first.exited().await;
    while born.pid().is_none() {
        tokio::task::yield_now().await;
    }
    assert_ne!(born.pid(), first.pid());
    assert!(born.rename("l").await?);
    assert_eq!(born.rename("m").await, Err(CallError::NotRunning));
    assert!(keys.via::<Actor>("l".into()).pid().is_some());
    assert_eq!(
        keys.via::<Actor>("l".into()).ping().await,
        Err(CallError::NotRunning)
    );
    tree.stop().await?;
    assert_eq!(keys.count(), 0);
    Ok(())
}
