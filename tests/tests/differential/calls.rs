//! Calls: what the caller is told, and what the server does all the same.

use crate::scene::{Scene, pause};
use crate::words::{Tested, alive, answer, gone, stopped};
use crate::worker::{Order, Worker, WorkerRef, ask, ask_within, enough, ms, note, tell};
use noex::PendingSet;
use noex::prelude::*;
use tokio::task::JoinHandle;
use tokio::time::timeout;

fn later(worker: &WorkerRef, order: Order) -> JoinHandle<String> {
    let worker = worker.clone();
    tokio::spawn(async move { ask(&worker, order).await })
}

fn keep(worker: &WorkerRef) -> JoinHandle<String> {
    let worker = worker.clone();
    tokio::spawn(async move { answer(worker.keep().await) })
}

#[noex::test(paused)]
async fn is_answered() -> Tested {
    let s = Scene::of("calls.is_answered");
    let a = s.worker("a").await?;
    tell(&a, note("cast"));
    s.note(ask(&a, note("call")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn answer_comes_late() -> Tested {
    let s = Scene::of("calls.answer_comes_late");
    let (a, b) = (s.worker("a").await?, s.worker("b").await?);
    tell(&b, Order::Ask(a.clone(), Box::new(Order::Sleep(150)), 50));
    pause(200).await;
    s.note(ask(&b, Order::Ask(a, Box::new(note("again")), 5_000)).await);
    s.compare().await
}

#[noex::test(paused)]
async fn gives_up_while_queued() -> Tested {
    let s = Scene::of("calls.gives_up_while_queued");
    let a = s.worker("a").await?;
    tell(&a, Order::Sleep(100));
    s.note(ask_within(&a, note("late"), 50).await);
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn handler_stops_with_a_reply() -> Tested {
    let s = Scene::of("calls.handler_stops_with_a_reply");
    let a = s.worker("a").await?;
    s.note(ask(&a, Order::Stop(ExitReason::Normal)).await);
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn handler_stops_normally_without_a_reply() -> Tested {
    let s = Scene::of("calls.handler_stops_normally_without_a_reply");
    let a = s.worker("a").await?;
    s.note(answer(a.stop_silently(ExitReason::Normal).await));
    s.compare().await
}

#[noex::test(paused)]
async fn handler_stops_with_a_reason_without_a_reply() -> Tested {
    let s = Scene::of("calls.handler_stops_with_a_reason_without_a_reply");
    let a = s.worker("a").await?;
    s.note(answer(a.stop_silently(enough()).await));
    s.compare().await
}

#[noex::test(paused)]
async fn handler_panics() -> Tested {
    let s = Scene::of("calls.handler_panics");
    let a = s.worker("a").await?;
    s.note(ask(&a, Order::Raise).await);
    s.compare().await
}

#[noex::test(paused)]
async fn server_is_killed() -> Tested {
    let s = Scene::of("calls.server_is_killed");
    let a = s.worker("a").await?;
    tell(&a, Order::Hang);
    let calls = [1, 2, 3].map(|n| later(&a, note(n)));
    pause(100).await;
    a.kill();
    for call in calls {
        s.note(call.await?);
    }
    s.compare().await
}

#[noex::test(paused)]
async fn server_stops_before_its_turn() -> Tested {
    let s = Scene::of("calls.server_stops_before_its_turn");
    let a = s.worker("a").await?;
    tell(&a, Order::Sleep(50));
    tell(&a, Order::Stop(enough()));
    s.note(later(&a, note("call")).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn nobody_is_there() -> Tested {
    let s = Scene::of("calls.nobody_is_there");
    let a = s.worker("a").await?;
    stopped(a.stop().await);
    s.note(ask(&a, note("call")).await);
    s.note(ask(&Worker::named("nobody"), note("call")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn to_itself() -> Tested {
    let s = Scene::of("calls.to_itself");
    let a = s.silent("a").await?;
    s.note(ask(&a, Order::AskItself(Box::new(note("call")))).await);
    s.compare().await
}

#[noex::test(paused)]
async fn token_is_used_later() -> Tested {
    let s = Scene::of("calls.token_is_used_later");
    let a = s.worker("a").await?;
    let call = keep(&a);
    pause(100).await;
    tell(&a, note("message"));
    tell(&a, Order::AnswerKept);
    s.note(call.await?);
    s.compare().await
}

#[noex::test(paused)]
async fn token_is_used_by_another() -> Tested {
    let s = Scene::of("calls.token_is_used_by_another");
    let (a, b) = (s.worker("a").await?, s.worker("b").await?);
    let call = keep(&a);
    pause(100).await;
    tell(&b, Order::Answer(a.kept().await?));
    s.note(call.await?);
    s.compare().await
}

#[noex::test(paused)]
async fn token_outlives_its_server() -> Tested {
    let s = Scene::of("calls.token_outlives_its_server");
    let (a, b) = (s.worker("a").await?, s.worker("b").await?);
    let call = keep(&a);
    pause(100).await;
    let kept = a.kept().await?;
    a.kill();
    s.note(call.await?);
    s.note(ask(&b, Order::Answer(kept)).await);
    s.compare().await
}

#[noex::test(paused)]
async fn token_is_dropped() -> Tested {
    let s = Scene::of("calls.token_is_dropped");
    let a = s.worker("a").await?;
    s.note(answer(a.lose().timeout(ms(50)).await));
    s.compare().await
}

#[noex::test(paused)]
async fn caller_is_killed() -> Tested {
    let s = Scene::of("calls.caller_is_killed");
    let (a, b) = (s.worker("a").await?, s.worker("b").await?);
    let steps = Order::Then(vec![Order::Sleep(50), note("finishes")]);
    tell(&b, Order::Ask(a.clone(), Box::new(steps), 5_000));
    tell(
        &b,
        Order::Ask(a.clone(), Box::new(Order::Sleep(5_000)), 5_000),
    );
    pause(25).await;
    b.kill();
    s.note(gone(b.exited().await));
    pause(100).await;
    s.note(alive(a.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn step_after_the_reply_fails() -> Tested {
    let s = Scene::of("calls.step_after_the_reply_fails");
    let a = s.silent("a").await?;
    s.note(ask(&a, Order::Then(vec![Order::Raise])).await);
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn is_waited_for_twice() -> Tested {
    let s = Scene::of("calls.is_waited_for_twice");
    let a = s.worker("a").await?;
    let mut request = a.ask(Order::Sleep(100)).send()?;
    let first = timeout(ms(50), &mut request).await;
    s.note(first.map_or("timeout".to_owned(), answer));
    s.note(answer(request.await));
    s.compare().await
}

#[noex::test(paused)]
async fn several_at_once() -> Tested {
    let s = Scene::of("calls.several_at_once");
    let (a, b, c) = (
        s.worker("a").await?,
        s.worker("b").await?,
        s.silent("c").await?,
    );
    let mut requests = PendingSet::new();
    requests.insert("slow", a.ask(Order::Sleep(100)).send()?);
    requests.insert("fast", b.ask(Order::Sleep(50)).send()?);
    requests.insert("fails", c.ask(Order::Raise).send()?);
    while let Some((label, result)) = requests.next().await {
        s.note(format!("{label} {}", answer(result)));
    }
    s.note("none left");
    s.compare().await
}
