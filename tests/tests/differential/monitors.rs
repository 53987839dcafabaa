//! Monitors: one notice for each, with the reason, after everything of the process is gone.

use crate::scene::{Scene, pause};
use crate::words::{Tested, gone};
use crate::worker::{Order, Worker, ask, boom, enough, note, tell};
use noex::prelude::*;

#[noex::test(paused)]
async fn tells_the_reason() -> Tested {
    let s = Scene::of("monitors.tells_the_reason");
    let b = s.worker("b").await?;
    for reason in [ExitReason::Normal, enough(), boom()] {
        let a = s.silent("a").await?;
        ask(&b, Order::Watch(a.clone())).await;
        tell(&a, Order::Stop(reason));
        a.exited().await;
    }
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn tells_of_a_panic_and_of_a_kill() -> Tested {
    let s = Scene::of("monitors.tells_of_a_panic_and_of_a_kill");
    let b = s.worker("b").await?;
    for kill in [false, true] {
        let a = s.silent("a").await?;
        ask(&b, Order::Watch(a.clone())).await;
        match kill {
            true => a.kill(),
            false => drop(tell(&a, Order::Raise)),
        }
        a.exited().await;
    }
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn target_is_dead() -> Tested {
    let s = Scene::of("monitors.target_is_dead");
    let (a, b) = (s.silent("a").await?, s.worker("b").await?);
    a.stop().await?;
    ask(&b, Order::Watch(a)).await;
    ask(&b, Order::Watch(Worker::named("nobody"))).await;
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn two_monitors_are_two_notices() -> Tested {
    let s = Scene::of("monitors.two_monitors_are_two_notices");
    let (a, b) = (s.silent("a").await?, s.worker("b").await?);
    for _ in 0..2 {
        ask(&b, Order::Watch(a.clone())).await;
    }
    a.stop().await?;
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn demonitored() -> Tested {
    let s = Scene::of("monitors.demonitored");
    let (a, b) = (s.silent("a").await?, s.worker("b").await?);
    ask(&b, Order::Watch(a.clone())).await;
    for _ in 0..2 {
        ask(&b, Order::Unwatch).await;
    }
    a.stop().await?;
    s.note(ask(&b, note("hears nothing")).await);
    s.compare().await
}

/// A notice comes while the watcher is busy, which then ends the monitor.
async fn queued(s: &Scene, unwatch: Order) -> Tested {
    let (a, b) = (s.silent("a").await?, s.worker("b").await?);
    ask(&b, Order::Watch(a.clone())).await;
    tell(&b, Order::Then(vec![Order::Sleep(100), unwatch]));
    pause(50).await;
    a.stop().await?;
    pause(100).await;
    s.note(ask(&b, note("goes on")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn notice_is_queued() -> Tested {
    let s = Scene::of("monitors.notice_is_queued");
    queued(&s, Order::Unwatch).await
}

#[noex::test(paused)]
async fn notice_is_queued_and_flushed() -> Tested {
    let s = Scene::of("monitors.notice_is_queued_and_flushed");
    queued(&s, Order::UnwatchAndFlush).await
}

#[noex::test(paused)]
async fn name_is_free_at_the_notice() -> Tested {
    let s = Scene::of("monitors.name_is_free_at_the_notice");
    let a = s.part("a").silent().name("it").start().await?;
    let b = s.part("b").on_down(|s| {
        let holder = System::current().registry().whereis("it");
        s.note(if holder.is_some() { "taken" } else { "free" });
    });
    ask(&b.start().await?, Order::Watch(a.clone())).await;
    a.kill();
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn watcher_fails() -> Tested {
    let s = Scene::of("monitors.watcher_fails");
    let (a, b) = (s.worker("a").await?, s.silent("b").await?);
    ask(&b, Order::Watch(a.clone())).await;
    tell(&b, Order::Raise);
    s.note(gone(b.exited().await));
    s.note(ask(&a, note("goes on")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn name_passes_to_another() -> Tested {
    let s = Scene::of("monitors.name_passes_to_another");
    let a = s.part("a").silent().name("it");
    let first = a.start().await?;
    let b = s.worker("b").await?;
    ask(&b, Order::Watch(Worker::named("it"))).await;
    first.stop().await?;
    a.start().await?;
    pause(100).await;
    s.compare().await
}
