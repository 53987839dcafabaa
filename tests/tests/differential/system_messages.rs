//! What every server answers, whatever it is.

use crate::scene::{Scene, pause};
use crate::supervisors::tree_of;
use crate::words::Tested;
use crate::worker::{Order, Worker, WorkerRef, ask, ask_within, boom, ms, note, tell};
use noex::SystemMessageError;

async fn value(worker: &WorkerRef, millis: u64) -> String {
    let asked = worker.get_state(|worker| worker.value);
    match asked.timeout(ms(millis)).await {
        Ok(value) => format!("value {value}"),
        Err(SystemMessageError::Busy { .. }) => "busy".to_owned(),
        Err(SystemMessageError::NotRunning) => "noproc".to_owned(),
        Err(error) => error.to_string(),
    }
}

async fn replace(worker: &WorkerRef, make: fn(u64) -> u64) -> &'static str {
    let replaced = worker.replace_state(move |old: &Worker| old.with_value(make(old.value)));
    match replaced.await {
        Ok(()) => "replaced",
        Err(_) => "failed",
    }
}

#[noex::test(paused)]
async fn suspended() -> Tested {
    let s = Scene::of("system_messages.suspended");
    let a = s.worker("a").await?;
    a.suspend();
    for n in 1..=2 {
        tell(&a, note(n));
    }
    s.note(ask_within(&a, note("call"), 50).await);
    s.note(value(&a, 5_000).await);
    a.resume();
    s.note(ask(&a, note("last")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn suspended_and_watched() -> Tested {
    let s = Scene::of("system_messages.suspended_and_watched");
    let (a, b) = (s.silent("a").await?, s.worker("b").await?);
    ask(&b, Order::Watch(a.clone())).await;
    a.suspend();
    a.exit(boom());
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn suspended_twice() -> Tested {
    let s = Scene::of("system_messages.suspended_twice");
    let a = s.worker("a").await?;
    for _ in 0..2 {
        a.suspend();
    }
    a.resume();
    s.note(ask(&a, note("goes on")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn state_is_read_and_replaced() -> Tested {
    let s = Scene::of("system_messages.state_is_read_and_replaced");
    let a = s.worker("a").await?;
    s.note(value(&a, 5_000).await);
    s.note(replace(&a, |value| value + 1).await);
    s.note(value(&a, 5_000).await);
    s.compare().await
}

#[noex::test(paused)]
async fn replacement_panics() -> Tested {
    let s = Scene::of("system_messages.replacement_panics");
    let a = s.worker("a").await?;
    s.note(replace(&a, |_| panic!("boom")).await);
    s.note(value(&a, 5_000).await);
    s.compare().await
}

#[noex::test(paused)]
async fn server_is_busy() -> Tested {
    let s = Scene::of("system_messages.server_is_busy");
    let a = s.worker("a").await?;
    tell(&a, Order::Sleep(150));
    pause(10).await;
    s.note(value(&a, 50).await);
    pause(150).await;
    s.note(ask(&a, note("goes on")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn messages_wait() -> Tested {
    let s = Scene::of("system_messages.messages_wait");
    let a = s.worker("a").await?;
    tell(&a, Order::Sleep(50));
    tell(&a, Order::Add(1));
    pause(10).await;
    s.note(value(&a, 5_000).await);
    s.compare().await
}

#[noex::test(paused)]
async fn nobody_is_there() -> Tested {
    let s = Scene::of("system_messages.nobody_is_there");
    let a = s.silent("a").await?;
    a.stop().await?;
    s.note(value(&a, 5_000).await);
    s.compare().await
}

#[noex::test(paused)]
async fn status() -> Tested {
    let s = Scene::of("system_messages.status");
    let tree = s.start(tree_of([s.child("a")])).await?;
    let a = s.life("a", 1).await;
    let word = |suspended| if suspended { "suspended" } else { "running" };
    let status = a.get_status().await?;
    let is = if status.parent == tree.pid() {
        "is"
    } else {
        "is not"
    };
    s.note(format!(
        "{} parent {is} the supervisor",
        word(status.suspended)
    ));
    a.suspend();
    s.note(word(a.get_status().await?.suspended));
    s.compare().await
}

#[noex::test(paused)]
async fn counts() -> Tested {
    let s = Scene::of("system_messages.counts");
    let a = s.silent("a").await?;
    for n in 1..=3 {
        tell(&a, Order::Add(n));
    }
    pause(10).await;
    s.note(value(&a, 5_000).await);
    let counts = a.statistics().expect("it runs");
    s.note(format!("{} in", counts.handled));
    s.compare().await
}
