//! Names, keyed registries and groups.

use crate::scene::{Scene, pause};
use crate::words::{Tested, outcome};
use crate::worker::{Worker, WorkerRef, ask, note, run};
use noex::{Duplicate, Entry, Groups, KeyRegistry, Mode, Pid, RegisterError};

type Keys = KeyRegistry<&'static str, u32>;
type Many = KeyRegistry<&'static str, u32, Duplicate>;

/// Has a worker do something as itself, and notes what came of it.
async fn by(s: &Scene, worker: &WorkerRef, act: impl FnOnce() -> String + Send + 'static) {
    let s = s.clone();
    ask(worker, run(async move { s.note(act()) })).await;
}

fn pid(worker: &WorkerRef) -> Pid {
    worker.pid().expect("bound to a process")
}

/// The worker registers itself.
async fn register<M: Mode + 'static>(
    s: &Scene,
    worker: &WorkerRef,
    keys: &KeyRegistry<&'static str, u32, M>,
    key: &'static str,
    value: u32,
) {
    let (keys, me) = (keys.clone(), pid(worker));
    let act = move || match keys.register(key, value) {
        Ok(()) => "ok".to_owned(),
        Err(RegisterError::AlreadyRegistered(owner)) if owner == me => {
            "registered by itself".to_owned()
        }
        Err(RegisterError::AlreadyRegistered(_)) => "registered by another".to_owned(),
        Err(error) => error.to_string(),
    };
    by(s, worker, act).await;
}

async fn unregister<M: Mode + 'static>(
    s: &Scene,
    worker: &WorkerRef,
    keys: &KeyRegistry<&'static str, u32, M>,
) {
    let keys = keys.clone();
    let act = move || {
        keys.unregister("key");
        "unregisters".to_owned()
    };
    by(s, worker, act).await;
}

fn values(entries: impl IntoIterator<Item = Entry<&'static str, u32>>) -> String {
    let values = entries.into_iter().map(|entry| entry.value().to_string());
    let values: Vec<_> = values.collect();
    match values.is_empty() {
        true => "no values".to_owned(),
        false => format!("values {}", values.join(" ")),
    }
}

#[noex::test(paused)]
async fn unique_key_is_taken() -> Tested {
    let s = Scene::of("names.unique_key_is_taken");
    let (keys, a, b) = (Keys::unique(), s.silent("a").await?, s.silent("b").await?);
    register(&s, &a, &keys, "key", 1).await;
    register(&s, &a, &keys, "key", 2).await;
    register(&s, &b, &keys, "key", 3).await;
    s.note(values(keys.lookup("key")));
    s.compare().await
}

#[noex::test(paused)]
async fn key_is_unregistered_by_its_owner_alone() -> Tested {
    let s = Scene::of("names.key_is_unregistered_by_its_owner_alone");
    let (keys, a, b) = (Keys::unique(), s.silent("a").await?, s.silent("b").await?);
    register(&s, &a, &keys, "key", 1).await;
    for worker in [&b, &a] {
        unregister(&s, worker, &keys).await;
        s.note(values(keys.lookup("key")));
    }
    s.compare().await
}

#[noex::test(paused)]
async fn value_is_updated_by_its_owner_alone() -> Tested {
    let s = Scene::of("names.value_is_updated_by_its_owner_alone");
    let (keys, a, b) = (Keys::unique(), s.silent("a").await?, s.silent("b").await?);
    register(&s, &a, &keys, "key", 1).await;
    for worker in [&a, &b] {
        let keys = keys.clone();
        let act = move || match keys.update_value("key", |value| value + 10) {
            Some(entry) => format!("now {}", entry.value()),
            None => "refused".to_owned(),
        };
        by(&s, worker, act).await;
    }
    s.compare().await
}

#[noex::test(paused)]
async fn duplicate_keys_have_entries() -> Tested {
    let s = Scene::of("names.duplicate_keys_have_entries");
    let (keys, a) = (Many::duplicate(), s.silent("a").await?);
    for n in 1..=2 {
        register(&s, &a, &keys, "key", n).await;
    }
    s.note(values(keys.lookup("key")));
    unregister(&s, &a, &keys).await;
    s.note(values(keys.lookup("key")));
    s.compare().await
}

#[noex::test(paused)]
async fn dispatch_reaches_all_entries() -> Tested {
    let s = Scene::of("names.dispatch_reaches_all_entries");
    let keys = Many::duplicate();
    for (id, n) in [("a", 1), ("b", 2)] {
        register(&s, &s.silent(id).await?, &keys, "key", n).await;
    }
    for key in ["key", "other"] {
        keys.dispatch(key, |entries| {
            let values: Vec<_> = entries.iter().map(|e| e.value().to_string()).collect();
            s.note(format!("dispatch {}", values.join(" ")));
        });
    }
    s.compare().await
}

#[noex::test(paused)]
async fn keys_of_a_process() -> Tested {
    let s = Scene::of("names.keys_of_a_process");
    let (keys, a) = (Keys::unique(), s.silent("a").await?);
    for (key, n) in [("key 1", 1), ("key 2", 2), ("key 3", 3)] {
        register(&s, &a, &keys, key, n).await;
    }
    s.note(keys.keys(pid(&a)).join(" "));
    s.note(format!("{} entries", keys.count()));
    a.kill();
    a.exited().await;
    s.note(format!("{} entries", keys.count()));
    s.compare().await
}

#[noex::test(paused)]
async fn key_is_registered_again_after_the_end() -> Tested {
    let s = Scene::of("names.key_is_registered_again_after_the_end");
    let (keys, a, b) = (Keys::unique(), s.silent("a").await?, s.silent("b").await?);
    register(&s, &a, &keys, "key", 1).await;
    a.kill();
    a.exited().await;
    register(&s, &b, &keys, "key", 2).await;
    s.compare().await
}

#[noex::test(paused)]
async fn start_under_a_key() -> Tested {
    let s = Scene::of("names.start_under_a_key");
    let keys = Keys::unique();
    for id in ["a", "b"] {
        let started = s.part(id).start().via(&keys, "key", 0).await;
        s.note(outcome(&started));
    }
    for key in ["key", "other"] {
        s.note(ask(&keys.via::<Worker>(key), note("hears")).await);
    }
    s.compare().await
}

#[noex::test(paused)]
async fn listener_hears_of_changes() -> Tested {
    let s = Scene::of("names.listener_hears_of_changes");
    let keys = Keys::unique();
    keys.listen(s.worker("l").await?.recipient());
    let a = s.silent("a").await?;
    let same = keys.clone();
    ask(
        &a,
        run(async move { same.register("key", 1).expect("free") }),
    )
    .await;
    ask(
        &a,
        run(async move { assert_eq!(keys.unregister("key"), 1) }),
    )
    .await;
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn listener_hears_of_ends() -> Tested {
    let s = Scene::of("names.listener_hears_of_ends");
    let keys = Keys::unique();
    keys.listen(s.worker("l").await?.recipient());
    let a = s.silent("a").await?;
    ask(
        &a,
        run(async move { keys.register("key", 1).expect("free") }),
    )
    .await;
    a.kill();
    a.exited().await;
    pause(100).await;
    s.compare().await
}

fn registered(result: Result<(), RegisterError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(_) => "refused",
    }
}

#[noex::test(paused)]
async fn process_has_one_name() -> Tested {
    let s = Scene::of("names.process_has_one_name");
    let a = s.part("a").silent().name("first").start().await?;
    s.note(registered(a.register("second")));
    s.compare().await
}

#[noex::test(paused)]
async fn name_of_another() -> Tested {
    let s = Scene::of("names.name_of_another");
    let a = s.part("a").silent().name("it").start().await?;
    s.note(registered(s.silent("b").await?.register("it")));
    a.stop().await?;
    s.note(registered(s.silent("c").await?.register("it")));
    s.compare().await
}

#[noex::test(paused)]
async fn member_joins_twice() -> Tested {
    let s = Scene::of("names.member_joins_twice");
    let (groups, a) = (Groups::<&str>::new(), s.silent("a").await?);
    let note_members = || s.note(format!("{} members", groups.members("group").len()));
    for _ in 0..2 {
        groups.join("group", &a)?;
    }
    note_members();
    groups.leave("group", &a);
    note_members();
    a.kill();
    a.exited().await;
    note_members();
    s.compare().await
}
