//! Entries of keyed registries, and whose they are.

use super::actor::{
    Many, Outcome, Unique, actor, inside, kill, pid, register, register_many, tell,
};
use noex::RegisterError::{AlreadyRegistered, NoProcess};
use noex::prelude::*;
use std::sync::{Arc, Mutex};

#[noex::test]
async fn rg_01_taken_key_names_its_owner() -> Outcome {
    let keys = Unique::unique();
    let (a, b) = (actor().await?, actor().await?);
    register(&a, &keys, "k", 1).await?;
    let taken = Err(AlreadyRegistered(pid(&a)));
    assert_eq!(register(&b, &keys, "k", 2).await, taken);
    assert_eq!(register(&a, &keys, "k", 3).await, taken);
    let entry = keys.lookup("k").expect("it is registered");
    assert_eq!((entry.pid(), *entry.value()), (pid(&a), 1));
    // Names are no different.
    a.register("k")?;
    assert_eq!(b.register("k"), taken);
    assert_eq!(a.register("k"), taken);
    assert_eq!(keys.register("l".into(), 1), Err(NoProcess));
    kill(&a).await?;
    kill(&b).await
}

#[noex::test]
async fn rg_07_duplicate_entries_go_together() -> Outcome {
    let keys = Many::duplicate();
    let (a, b) = (actor().await?, actor().await?);
    register_many(&a, &keys, "k", 1).await;
    register_many(&b, &keys, "k", 2).await;
    register_many(&a, &keys, "k", 3).await;
    register_many(&a, &keys, "l", 4).await;
    let values = |key: &str| {
        keys.lookup(key)
            .iter()
            .map(|e| *e.value())
            .collect::<Vec<_>>()
    };
    assert_eq!(values("k"), [1, 2, 3]);
    let its_keys = keys.clone();
    assert_eq!(inside(&a, move |_| its_keys.unregister("k")).await, 2);
    assert_eq!((values("k"), values("l")), (vec![2], vec![4]));
    kill(&a).await?;
    assert_eq!((values("k"), values("l")), (vec![2], vec![]));
    kill(&b).await
}

#[noex::test]
async fn rg_08_dispatch_sees_all_entries_at_once() -> Outcome {
    let keys = Many::duplicate();
    let (a, b) = (actor().await?, actor().await?);
    let mut seen = Vec::new();
    let mut look = |key: &str| {
        keys.dispatch(key, |entries| {
            seen.push(
                entries
                    .iter()
                    .map(|e| (e.pid(), *e.value()))
                    .collect::<Vec<_>>(),
            );
        });
    };
    look("k");
    register_many(&a, &keys, "k", 1).await;
    register_many(&b, &keys, "k", 2).await;
    look("k");
    look("l");
    assert_eq!(seen, [[(pid(&a), 1), (pid(&b), 2)]]);
    kill(&a).await?;
    kill(&b).await
}

#[noex::test]
async fn rg_09_panicking_dispatch_hurts_only_itself() -> Outcome {
    let keys = Many::duplicate();
    let (a, b) = (actor().await?, actor().await?);
    register_many(&a, &keys, "k", 1).await;
    let its_keys = keys.clone();
    tell(&b, move |_| {
        its_keys.dispatch("k", |_| panic!("in a dispatch"))
    });
    assert!(matches!(b.exited().await, ExitReason::Panic { .. }));
    a.ping().await?;
    register_many(&a, &keys, "k", 2).await;
    assert_eq!(keys.lookup("k").len(), 2);
    kill(&a).await
}

#[noex::test]
async fn rg_10_only_the_owner_updates_its_value() -> Outcome {
    let keys = Unique::unique();
    let (a, b) = (actor().await?, actor().await?);
    register(&a, &keys, "k", 1).await?;
    let before = keys.lookup("k").expect("it is registered");
    let update = |actor, key: &'static str| {
        let keys = keys.clone();
        inside(actor, move |_| {
            keys.update_value(key, |n| n + 1).map(|e| *e.value())
        })
    };
    assert_eq!(update(&a, "k").await, Some(2));
    assert_eq!(update(&b, "k").await, None);
    assert_eq!(update(&a, "l").await, None);
    assert!(keys.update_value("k", |n| n + 1).is_none());
    assert_eq!(*keys.lookup("k").expect("it is registered").value(), 2);
    assert_eq!(keys.values("k", pid(&a)), [2]);
    // An entry is what it was when it was looked up.
    assert_eq!(*before.value(), 1);
    // One that undoes itself.
    let its_keys = keys.clone();
    let undone = inside(&a, move |_| {
        its_keys.update_value("k", |n| {
            its_keys.unregister("k");
            n + 1
        })
    });
    assert!(undone.await.is_none());
    assert_eq!(keys.count(), 0);
    kill(&a).await?;
    kill(&b).await
}

#[noex::test]
async fn rg_13_failed_registrations_leave_no_trace() -> Outcome {
    let keys = Unique::<Arc<()>>::unique();
    let (a, b) = (actor().await?, actor().await?);
    let value = Arc::new(());
    let (its_keys, its_value) = (keys.clone(), value.clone());
    inside(&a, move |_| its_keys.register("k".into(), its_value)).await?;
    let (its_keys, its_value) = (keys.clone(), value.clone());
    let refused = inside(&b, move |cx| {
        let tries = (0..100_000).filter(|_| {
            let name = cx.register("name").is_err();
            let key = its_keys.register("k".into(), its_value.clone()).is_err();
            cx.unregister("name");
            !name && key
        });
        tries.count()
    });
    assert_eq!(refused.await, 100_000);
    assert_eq!(Arc::strong_count(&value), 2);
    assert_eq!((keys.count(), keys.keys(pid(&b)).len()), (1, 0));
    assert_eq!(System::current().registry().names(), []);
    kill(&a).await?;
    assert_eq!(Arc::strong_count(&value), 1);
    kill(&b).await
}

#[noex::test]
async fn rg_18_stranger_cannot_unregister() -> Outcome {
    let keys = Unique::unique();
    let (a, b) = (actor().await?, actor().await?);
    register(&a, &keys, "k", 1).await?;
    register(&b, &keys, "l", 2).await?;
    a.register("name")?;
    let its_keys = keys.clone();
    let undone = inside(&b, move |cx| {
        (its_keys.unregister("k"), cx.unregister("name"))
    });
    assert_eq!(undone.await, (0, false));
    assert_eq!(keys.unregister("k"), 0);
    // A task beside the owner is not the owner.
    let (its_keys, undone) = (keys.clone(), Arc::new(Mutex::new(None)));
    let result = undone.clone();
    inside(&a, move |cx| {
        cx.spawn(async move { *result.lock().unwrap() = Some(its_keys.unregister("k")) });
    })
    .await;
    while undone.lock().unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(*undone.lock().unwrap(), Some(0));
    assert_eq!(keys.lookup("k").map(|e| e.pid()), a.pid());
    assert_eq!(System::current().registry().whereis("name"), a.pid());
    kill(&a).await?;
    kill(&b).await
}
