//! Starts and inits: what the starter is told, and what is left of one that failed.

use crate::scene::{Scene, pause};
use crate::words::{Tested, alive, gone, outcome};
use crate::worker::{Begin, Order, Worker, ask, ms, note, run, tell};
use noex::prelude::*;
use tokio::time::Instant;

fn free(name: &str) -> &'static str {
    let holder = System::current().registry().whereis(name);
    if holder.is_some() { "taken" } else { "free" }
}

#[noex::test(paused)]
async fn init_succeeds() -> Tested {
    let s = Scene::of("starts.init_succeeds");
    s.script("a", [Begin::After(50)]);
    let a = s.worker("a").await;
    s.note(outcome(&a));
    s.note(ask(&a?, note("answers")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn init_fails() -> Tested {
    let s = Scene::of("starts.init_fails");
    s.script("a", [Begin::Fail]);
    let a = s.part("a").name("it");
    s.note(outcome(&a.start().await));
    s.note(free("it"));
    s.note(outcome(&a.start().await));
    s.compare().await
}

#[noex::test(paused)]
async fn init_panics() -> Tested {
    let s = Scene::of("starts.init_panics");
    s.script("a", [Begin::Raise]);
    s.note(outcome(&s.part("a").name("it").start().await));
    s.note(free("it"));
    s.compare().await
}

#[noex::test(paused)]
async fn init_declines() -> Tested {
    let s = Scene::of("starts.init_declines");
    s.script("b", [Begin::Ignore]);
    let a = s.worker("a").await?;
    s.note(ask(&a, Order::StartLink(s.part("b"))).await);
    s.note(alive(a.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn init_takes_too_long() -> Tested {
    let s = Scene::of("starts.init_takes_too_long");
    s.script("a", [Begin::Hang]);
    let begun = Instant::now();
    s.note(outcome(&s.part("a").start().timeout(ms(75)).await));
    s.note_steps(begun);
    s.compare().await
}

#[noex::test(paused)]
async fn name_is_taken() -> Tested {
    let s = Scene::of("starts.name_is_taken");
    s.part("a").name("it").start().await?;
    s.note(outcome(&s.part("b").name("it").start().await));
    s.compare().await
}

#[noex::test(paused)]
async fn name_is_there_in_init() -> Tested {
    let s = Scene::of("starts.name_is_there_in_init");
    s.script("a", [Begin::After(100)]);
    let start = s.part("a").name("it").start();
    tokio::spawn(async move { start.await.is_ok() });
    pause(50).await;
    tell(&Worker::named("it"), note("early"));
    s.life("a", 1).await;
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn linked_init_fails() -> Tested {
    let s = Scene::of("starts.linked_init_fails");
    s.script("b", [Begin::Fail]);
    let a = s.worker("a").await?;
    tell(&a, Order::StartLink(s.part("b")));
    pause(100).await;
    s.note(alive(a.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn linked_init_fails_under_trap() -> Tested {
    let s = Scene::of("starts.linked_init_fails_under_trap");
    s.script("b", [Begin::Fail]);
    let a = s.part("a").trap().start().await?;
    s.note(ask(&a, Order::StartLink(s.part("b"))).await);
    pause(100).await;
    s.note(alive(a.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn steps_precede_messages() -> Tested {
    let s = Scene::of("starts.steps_precede_messages");
    let first = || {
        let steps = vec![note("first step"), note("second step")];
        (steps, vec![note("message")])
    };
    s.part("a").first(first).start().await?;
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn step_fails_after_the_start() -> Tested {
    let s = Scene::of("starts.step_fails_after_the_start");
    let a = s.part("a").silent().first(|| (vec![Order::Raise], vec![]));
    let a = a.start().await?;
    s.note("ok");
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn starter_ends() -> Tested {
    let s = Scene::of("starts.starter_ends");
    let a = s.silent("a").await?;
    let b = s.part("b");
    let start = run(async move { drop(b.start().await) });
    ask(&a, start).await;
    tell(&a, Order::Raise);
    s.note(gone(a.exited().await));
    s.note(alive(s.life("b", 1).await.is_alive()));
    s.compare().await
}
