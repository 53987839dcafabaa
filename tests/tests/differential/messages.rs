//! Casts, plain messages and their order, also with regard to ends.

use crate::scene::{Scene, pause};
use crate::words::{Tested, gone, stopped};
use crate::worker::{Order, Worker, WorkerRef, ask, note, tell};
use noex::prelude::*;
use noex::supervisor::Spec;

#[noex::test(paused)]
async fn cast_to_the_dead() -> Tested {
    let s = Scene::of("messages.cast_to_the_dead");
    let a = s.worker("a").await?;
    a.stop().await?;
    s.note(tell(&a, note("cast")));
    s.compare().await
}

#[noex::test(paused)]
async fn cast_to_an_unknown_name() -> Tested {
    let s = Scene::of("messages.cast_to_an_unknown_name");
    s.note(tell(&Worker::named("nobody"), note("cast")));
    s.compare().await
}

#[noex::test(paused)]
async fn casts_precede_a_stop() -> Tested {
    let s = Scene::of("messages.casts_precede_a_stop");
    let a = s.worker("a").await?;
    for n in 1..=3 {
        tell(&a, note(n));
    }
    s.note(stopped(a.stop().await));
    s.compare().await
}

fn busy(a: &WorkerRef) {
    tell(a, Order::Sleep(50));
    for n in 1..=2 {
        tell(a, note(n));
    }
}

#[noex::test(paused)]
async fn casts_precede_a_shutdown_under_trap() -> Tested {
    let s = Scene::of("messages.casts_precede_a_shutdown_under_trap");
    let tree = s
        .start(Spec::new("tree").child(s.child("a").spec()))
        .await?;
    busy(&s.life("a", 1).await);
    s.note(stopped(tree.stopping().await));
    s.compare().await
}

#[noex::test(paused)]
async fn casts_precede_a_shutdown() -> Tested {
    let s = Scene::of("messages.casts_precede_a_shutdown");
    let a = s.child("a").untrapped();
    let tree = s.start(Spec::new("tree").child(a.spec())).await?;
    busy(&s.life("a", 1).await);
    s.note(stopped(tree.stopping().await));
    s.compare().await
}

#[noex::test(paused)]
async fn handler_of_a_message_panics() -> Tested {
    let s = Scene::of("messages.handler_of_a_message_panics");
    let a = s.worker("a").await?;
    a.send(Order::Raise)?;
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn last_message_precedes_the_notice() -> Tested {
    let s = Scene::of("messages.last_message_precedes_the_notice");
    let (a, b) = (s.silent("a").await?, s.worker("b").await?);
    ask(&b, Order::Watch(a.clone())).await;
    tell(&a, Order::Tell(b, Box::new(note("hears"))));
    tell(&a, Order::Stop(ExitReason::Normal));
    a.exited().await;
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn timer_of_zero_keeps_its_turn() -> Tested {
    let s = Scene::of("messages.timer_of_zero_keeps_its_turn");
    let a = s.worker("a").await?;
    tell(&a, Order::Sleep(50));
    tell(&a, Order::SendAfter(0, Box::new(note("timer"))));
    tell(&a, note("before"));
    pause(75).await;
    tell(&a, note("after"));
    pause(100).await;
    s.compare().await
}

/// A server that notes when nothing has come for a while.
struct Idler(Scene);

#[gen_server(idle = 100ms)]
impl Idler {
    #[init]
    fn new(scene: Scene) -> Self {
        scene.note("a starts");
        Self(scene)
    }

    #[cast]
    fn hear(&mut self) {
        self.0.note("a message");
    }

    #[info(idle)]
    fn idle(&mut self) {
        self.0.note("a idle");
    }
}

#[noex::test(paused)]
async fn idle_fires_once() -> Tested {
    let s = Scene::of("messages.idle_fires_once");
    Idler::start(s.clone()).await?;
    pause(300).await;
    s.compare().await
}

#[noex::test(paused)]
async fn message_comes_before_the_idle_time() -> Tested {
    let s = Scene::of("messages.message_comes_before_the_idle_time");
    let a = Idler::start(s.clone()).await?;
    pause(50).await;
    a.hear()?;
    pause(300).await;
    s.compare().await
}
