//! What becomes of entries when their owners end.

use super::actor::register_many;
use super::actor::{Actor, Many, Outcome, Unique, actor, inside, kill, pid, register};
use noex::prelude::*;
use noex::{Groups, KeyRegistry, RegistryEvent};
use std::hash::{Hash, Hasher};
use tokio::sync::oneshot;

#[noex::test]
async fn rg_05_late_cleanup_spares_the_successor() -> Outcome {
    let keys = Unique::unique();
    let (a, b) = (actor().await?, actor().await?);
    register(&a, &keys, "k", 1).await?;
    a.register("name")?;
    let its_keys = keys.clone();
    let freed = inside(&a, move |cx| {
        (its_keys.unregister("k"), cx.unregister("name"))
    });
    assert_eq!(freed.await, (1, true));
    register(&b, &keys, "k", 2).await?;
    b.register("name")?;
    kill(&a).await?;
    assert!(!a.unregister("name"));
    assert_eq!(keys.lookup("k").map(|e| e.pid()), b.pid());
    assert_eq!(System::current().registry().whereis("name"), b.pid());
    kill(&b).await
}

#[noex::test]
async fn rg_15_registry_outlives_every_process() -> Outcome {
    let (unique, many) = (Unique::unique(), Many::duplicate());
    let system = System::new();
    for n in 0..20u32 {
        let name = format!("name {n}");
        let a = Actor.start().system(&system).name(name).await?;
        register(&a, &unique, &format!("k{n}"), n).await?;
        register_many(&a, &many, "k", n).await;
    }
    assert_eq!((unique.count(), many.count()), (20, 20));
    system.stop().await;
    assert_eq!(system.processes(), []);
    assert_eq!((unique.count(), many.count()), (0, 0));
    assert_eq!(system.registry().names(), []);
    let a = Actor.start().system(&system).name("name 1").await?;
    register(&a, &unique, "k1", 1).await?;
    register_many(&a, &many, "k", 1).await;
    assert_eq!((unique.count(), many.count()), (1, 1));
    kill(&a).await
}

/// Looks when it is told of an end.
struct Looker {
    keys: KeyRegistry<u32>,
    found: Option<oneshot::Sender<usize>>,
}

#[gen_server]
impl Looker {
    #[init]
    fn new(
        keys: KeyRegistry<u32>,
        watched: super::actor::ActorRef,
        found: oneshot::Sender<usize>,
        cx: &mut Ctx<Self>,
    ) -> Self {
        cx.monitor(&watched);
        let found = Some(found);
        Self { keys, found }
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        let found = self.found.take().expect("one process was watched");
        let _ = found.send(self.keys.count());
    }
}

#[noex::test(workers = 2)]
async fn rg_17_all_keys_go_with_their_owner() -> Outcome {
    let keys = KeyRegistry::<u32>::unique();
    for _ in 0..20 {
        let a = actor().await?;
        let its_keys = keys.clone();
        inside(&a, move |_| {
            for key in 0..1000 {
                its_keys.register(key, ()).expect("it is free");
            }
        })
        .await;
        assert_eq!((keys.count(), keys.keys(pid(&a)).len()), (1000, 1000));
        let (found, at_down) = oneshot::channel();
        let looker = Looker::start(keys.clone(), a.clone(), found).await?;
        a.kill();
        assert_eq!(at_down.await?, 0);
        looker.stop().await?;
    }
    Ok(())
}

/// A key that panics when it is compared with itself, and when it is dropped.
#[derive(Clone)]
struct Vicious(u32);

impl PartialEq for Vicious {
    fn eq(&self, other: &Self) -> bool {
        assert!(self.0 != 7 || other.0 != 7, "compared");
        self.0 == other.0
    }
}

impl Eq for Vicious {}

impl Hash for Vicious {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

struct Bomb(bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.0, "dropped");
    }
}

/// Is told of what it does not want to know.
struct Deaf;

#[gen_server]
impl Deaf {
    #[info]
    fn told(&mut self, _event: RegistryEvent<Vicious, Bomb>) {}
}

#[noex::test]
async fn end_goes_through_whatever_keys_and_values_do() -> Outcome {
    let keys = KeyRegistry::<Vicious, Bomb>::unique();
    let groups = Groups::<String>::new();
    let a = Actor.start_as("a").await?;
    let its_keys = keys.clone();
    inside(&a, move |_| {
        for n in 1..10 {
            its_keys
                .register(Vicious(n), Bomb(n == 3))
                .expect("it is free");
        }
    })
    .await;
    groups.join("g".into(), &a)?;
    // When nobody listens any more, the registry is the last to have an event.
    let deaf = Deaf.start().await?;
    keys.listen(deaf.recipient());
    deaf.stop().await?;
    a.exit(ExitReason::Shutdown);
    assert_eq!(a.exited().await, ExitReason::Shutdown);
    // All but the one that cannot be found.
    assert_eq!(keys.count(), 1);
    assert!(groups.members("g").is_empty());
    assert_eq!(System::current().registry().names(), []);
    Ok(())
}
