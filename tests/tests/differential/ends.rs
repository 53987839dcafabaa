//! Ends: when `terminate` runs, and which reason others see.

use crate::scene::{Scene, pause};
use crate::words::{Tested, alive, gone, stopped};
use crate::worker::{End, Order, Part, Worker, WorkerRef, ask, boom, enough, ms, note, run, tell};
use noex::prelude::*;

#[noex::test(paused)]
async fn by_a_cast() -> Tested {
    let s = Scene::of("ends.by_a_cast");
    let a = s.worker("a").await?;
    tell(&a, Order::Stop(enough()));
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn by_a_message() -> Tested {
    let s = Scene::of("ends.by_a_message");
    let a = s.worker("a").await?;
    a.send(Order::Stop(enough()))?;
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn by_a_step() -> Tested {
    let s = Scene::of("ends.by_a_step");
    let a = s.worker("a").await?;
    tell(&a, Order::Then(vec![Order::Stop(enough())]));
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn by_a_custom_reason() -> Tested {
    let s = Scene::of("ends.by_a_custom_reason");
    let a = s.worker("a").await?;
    tell(&a, Order::Stop(boom()));
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn by_a_panic() -> Tested {
    let s = Scene::of("ends.by_a_panic");
    let a = s.worker("a").await?;
    tell(&a, Order::Raise);
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn terminate_panics() -> Tested {
    let s = Scene::of("ends.terminate_panics");
    let a = s.part("a").ends(End::Raise).start().await?;
    tell(&a, Order::Stop(ExitReason::Normal));
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn terminate_fails() -> Tested {
    let s = Scene::of("ends.terminate_fails");
    let a = s.part("a").ends(End::Fail).start().await?;
    tell(&a, Order::Stop(ExitReason::Normal));
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn by_a_kill() -> Tested {
    let s = Scene::of("ends.by_a_kill");
    let a = s.part("a").trap().start().await?;
    a.kill();
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn kill_comes_during_terminate() -> Tested {
    let s = Scene::of("ends.kill_comes_during_terminate");
    let a = s.part("a").ends(End::Hang).start().await?;
    tell(&a, Order::Stop(ExitReason::Normal));
    pause(100).await;
    a.kill();
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn stop_has_a_reason() -> Tested {
    let s = Scene::of("ends.stop_has_a_reason");
    let a = s.worker("a").await?;
    s.note(stopped(a.stop().reason(boom()).await));
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn stop_finds_nobody() -> Tested {
    let s = Scene::of("ends.stop_finds_nobody");
    let a = s.worker("a").await?;
    s.note(stopped(a.stop().await));
    s.note(stopped(a.stop().await));
    s.note(stopped(Worker::named("nobody").stop().await));
    s.compare().await
}

#[noex::test(paused)]
async fn stop_takes_too_long() -> Tested {
    let s = Scene::of("ends.stop_takes_too_long");
    let a = s.part("a").ends(End::After(150)).start().await?;
    s.note(stopped(a.stop().timeout(ms(50)).await));
    s.note(alive(a.is_alive()));
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn stop_ends_otherwise() -> Tested {
    let s = Scene::of("ends.stop_ends_otherwise");
    let a = s.part("a").ends(End::Fail).start().await?;
    s.note(stopped(a.stop().await));
    s.compare().await
}

#[noex::test(paused)]
async fn stops_meet() -> Tested {
    let s = Scene::of("ends.stops_meet");
    let a = s.part("a").ends(End::After(100)).start().await?;
    let same = a.clone();
    let first = tokio::spawn(async move { same.stop().await });
    pause(50).await;
    s.note(stopped(a.stop().await));
    s.note(stopped(first.await?));
    s.compare().await
}

#[noex::test(paused)]
async fn stop_finds_it_suspended() -> Tested {
    let s = Scene::of("ends.stop_finds_it_suspended");
    let a = s.worker("a").await?;
    a.suspend();
    tell(&a, note("message"));
    s.note(stopped(a.stop().await));
    s.compare().await
}

#[noex::test(paused)]
async fn signal_without_trap() -> Tested {
    let s = Scene::of("ends.signal_without_trap");
    let a = s.worker("a").await?;
    a.exit(boom());
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn signal_under_trap() -> Tested {
    let s = Scene::of("ends.signal_under_trap");
    let a = s.part("a").trap().start().await?;
    a.exit(boom());
    s.note(ask(&a, note("goes on")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn normal_signal() -> Tested {
    let s = Scene::of("ends.normal_signal");
    let both = [s.worker("a").await?, s.part("b").trap().start().await?];
    for it in &both {
        it.exit(ExitReason::Normal);
    }
    pause(10).await;
    for it in &both {
        s.note(ask(it, note("goes on")).await);
    }
    s.compare().await
}

#[noex::test(paused)]
async fn normal_signal_to_itself() -> Tested {
    let s = Scene::of("ends.normal_signal_to_itself");
    let a = s.silent("a").await?;
    tell(&a, Order::ExitItself(ExitReason::Normal));
    s.note(gone(a.exited().await));
    s.compare().await
}

/// Has a worker start another that is linked to it.
async fn start_by(a: &WorkerRef, other: Part) {
    ask(a, run(async move { drop(other.start_link().await) })).await;
}

#[noex::test(paused)]
async fn normal_signal_to_itself_under_trap() -> Tested {
    let s = Scene::of("ends.normal_signal_to_itself_under_trap");
    start_by(&s.silent("a").await?, s.part("b").trap()).await;
    let b = s.life("b", 1).await;
    tell(&b, Order::ExitItself(ExitReason::Normal));
    pause(100).await;
    s.note(alive(b.is_alive()));
    s.compare().await
}

/// What becomes of `b` when its starter ends for this reason.
async fn starter_ends(s: &Scene, b: Part, reason: ExitReason) -> Tested {
    let a = s.silent("a").await?;
    start_by(&a, b).await;
    tell(&a, Order::Stop(reason));
    s.note(gone(a.exited().await));
    pause(100).await;
    s.note(alive(s.life("b", 1).await.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn starter_of_a_trapping_process_ends_normally() -> Tested {
    let s = Scene::of("ends.starter_of_a_trapping_process_ends_normally");
    starter_ends(&s, s.part("b").trap(), ExitReason::Normal).await
}

#[noex::test(paused)]
async fn starter_ends_normally() -> Tested {
    let s = Scene::of("ends.starter_ends_normally");
    starter_ends(&s, s.part("b"), ExitReason::Normal).await
}

#[noex::test(paused)]
async fn starter_of_a_trapping_process_fails() -> Tested {
    let s = Scene::of("ends.starter_of_a_trapping_process_fails");
    starter_ends(&s, s.part("b").trap(), boom()).await
}
