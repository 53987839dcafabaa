//! Timers of servers.

use crate::scene::{Scene, pause};
use crate::supervisors::tree_of;
use crate::words::Tested;
use crate::worker::{Order, Worker, WorkerRef, ask, ms, note, run, tell};

fn fires(worker: &WorkerRef, millis: u64) {
    tell(worker, Order::SendAfter(millis, Box::new(note("fires"))));
}

#[noex::test(paused)]
async fn fires_once() -> Tested {
    let s = Scene::of("timers.fires_once");
    fires(&s.worker("a").await?, 50);
    pause(200).await;
    s.compare().await
}

#[noex::test(paused)]
async fn fire_in_the_order_of_time() -> Tested {
    let s = Scene::of("timers.fire_in_the_order_of_time");
    let a = s.worker("a").await?;
    for millis in [150, 0, 50, 100] {
        tell(&a, Order::SendAfter(millis, Box::new(note(millis))));
    }
    pause(300).await;
    s.compare().await
}

#[noex::test(paused)]
async fn cancelled_in_time() -> Tested {
    let s = Scene::of("timers.cancelled_in_time");
    let a = s.worker("a").await?;
    fires(&a, 100);
    tell(&a, Order::Cancel(100));
    pause(200).await;
    s.compare().await
}

#[noex::test(paused)]
async fn cancelled_too_late() -> Tested {
    let s = Scene::of("timers.cancelled_too_late");
    let a = s.worker("a").await?;
    fires(&a, 50);
    pause(100).await;
    for _ in 0..2 {
        tell(&a, Order::Cancel(50));
    }
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn cancelled_twice() -> Tested {
    let s = Scene::of("timers.cancelled_twice");
    let a = s.worker("a").await?;
    fires(&a, 100);
    for _ in 0..2 {
        tell(&a, Order::Cancel(100));
    }
    pause(200).await;
    s.compare().await
}

#[noex::test(paused)]
async fn cancelled_when_it_is_due() -> Tested {
    let s = Scene::of("timers.cancelled_when_it_is_due");
    let a = s.worker("a").await?;
    fires(&a, 50);
    tell(&a, Order::Then(vec![Order::Sleep(100), Order::Cancel(50)]));
    pause(200).await;
    s.compare().await
}

#[noex::test(paused)]
async fn setter_is_gone() -> Tested {
    let s = Scene::of("timers.setter_is_gone");
    let (a, b) = (s.silent("a").await?, s.worker("b").await?);
    ask(
        &a,
        run(async move { drop(b.send_after(ms(50), note("hears"))) }),
    )
    .await;
    a.stop().await?;
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn name_is_resolved_when_due() -> Tested {
    let s = Scene::of("timers.name_is_resolved_when_due");
    Worker::named("it").send_after(ms(100), note("hears"));
    let a = s.part("a").name("it").start().await?;
    a.stop().await?;
    s.part("b").name("it").start().await?;
    pause(200).await;
    s.compare().await
}

#[noex::test(paused)]
async fn does_not_reach_the_successor() -> Tested {
    let s = Scene::of("timers.does_not_reach_the_successor");
    s.start(tree_of([s.child("a")])).await?;
    let a = s.life("a", 1).await;
    fires(&a, 100);
    tell(&a, Order::Raise);
    s.life("a", 2).await;
    pause(200).await;
    s.compare().await
}

#[noex::test(paused)]
async fn server_is_busy_when_it_is_due() -> Tested {
    let s = Scene::of("timers.server_is_busy_when_it_is_due");
    let a = s.worker("a").await?;
    fires(&a, 50);
    tell(&a, Order::Sleep(100));
    tell(&a, note("waits"));
    pause(200).await;
    s.compare().await
}
