//! Children without an order, and partitions.

use crate::scene::{Scene, pause};
use crate::words::{Tested, alive, count, gone, said, stopped};
use crate::worker::{Begin, End, Order, Part, Worker, ms, tell};
use noex::prelude::*;
use noex::supervisor::{
    DynamicHandle, DynamicSpec, DynamicSupervisor, Partitions, PoolSpec, Restart, Shutdown,
};
use tokio::time::Instant;

fn patient() -> DynamicSpec {
    DynamicSpec::new("tree").intensity(1_000, ms(1_000))
}

async fn start(s: &Scene, spec: DynamicSpec) -> Result<DynamicHandle, StartError> {
    let tree = DynamicSupervisor::start(spec).await?;
    s.kill_at_the_end(&tree);
    Ok(tree)
}

async fn add(tree: &DynamicHandle, part: &Part) -> String {
    said(tree.start_child(part.spec()).await)
}

#[noex::test(paused)]
async fn ids_repeat() -> Tested {
    let s = Scene::of("dynamic.ids_repeat");
    let tree = start(&s, patient()).await?;
    for _ in 0..2 {
        s.note(add(&tree, &s.child("a")).await);
    }
    s.note(count(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn there_is_no_room() -> Tested {
    let s = Scene::of("dynamic.there_is_no_room");
    let tree = start(&s, patient().max_children(1)).await?;
    s.note(add(&tree, &s.child("a")).await);
    s.note(add(&tree, &s.child("b")).await);
    let a = s.life("a", 1).await.pid().expect("bound to a process");
    tree.terminate_child(a).await?;
    s.note(add(&tree, &s.child("b")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn start_fails_or_declines() -> Tested {
    let s = Scene::of("dynamic.start_fails_or_declines");
    s.script("a", [Begin::Fail, Begin::Ignore]);
    let tree = start(&s, patient().intensity(0, ms(1_000))).await?;
    for _ in 0..2 {
        s.note(add(&tree, &s.child("a")).await);
    }
    s.note(count(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn children_are_forgotten_unless_restarted() -> Tested {
    let s = Scene::of("dynamic.children_are_forgotten_unless_restarted");
    let tree = start(&s, patient()).await?;
    let types = [
        ("a", Restart::Permanent),
        ("b", Restart::Transient),
        ("c", Restart::Temporary),
    ];
    for (id, restart) in types {
        let child = s.child(id).silent().spec().restart(restart);
        tree.start_child(child).await?;
        let child = s.life(id, 1).await;
        tell(&child, Order::Stop(ExitReason::Normal));
        child.exited().await;
        pause(100).await;
        s.note(count(&tree).await?);
    }
    let d = s.child("d").silent().spec().restart(Restart::Transient);
    tree.start_child(d).await?;
    tell(&s.life("d", 1).await, Order::Raise);
    s.life("d", 2).await;
    pause(100).await;
    s.note(count(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn restart_fails_once() -> Tested {
    let s = Scene::of("dynamic.restart_fails_once");
    s.script("a", [Begin::Well, Begin::Fail]);
    let tree = start(&s, patient()).await?;
    add(&tree, &s.child("a")).await;
    tell(&s.life("a", 1).await, Order::Raise);
    s.life("a", 2).await;
    pause(10).await;
    s.note(count(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn restart_declines() -> Tested {
    let s = Scene::of("dynamic.restart_declines");
    s.script("a", [Begin::Well, Begin::Ignore]);
    let tree = start(&s, patient()).await?;
    add(&tree, &s.child("a")).await;
    let a = s.life("a", 1).await;
    tell(&a, Order::Raise);
    a.exited().await;
    pause(100).await;
    s.note(count(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn one_without_end_counts() -> Tested {
    let s = Scene::of("dynamic.one_without_end_counts");
    s.script("a", [Begin::Well]);
    s.always("a", Begin::Fail);
    let spec = patient().intensity(10_000_000, ms(1_000));
    let tree = start(&s, spec.max_children(1)).await?;
    add(&tree, &s.child("a").silent()).await;
    let a = s.life("a", 1).await;
    tell(&a, Order::Raise);
    s.beginning("a", 10).await;
    s.note(add(&tree, &s.child("b")).await);
    s.note(count(&tree).await?);
    let a = a.pid().expect("bound to a process");
    for _ in 0..2 {
        s.note(said(tree.terminate_child(a).await));
    }
    s.note(add(&tree, &s.child("b")).await);
    s.compare().await
}

#[noex::test(paused)]
async fn stranger_is_not_terminated() -> Tested {
    let s = Scene::of("dynamic.stranger_is_not_terminated");
    let a = s.silent("a").await?;
    let tree = start(&s, patient()).await?;
    let pid = a.pid().expect("bound to a process");
    s.note(said(tree.terminate_child(pid).await));
    s.note(alive(a.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn children_end_together() -> Tested {
    let s = Scene::of("dynamic.children_end_together");
    let tree = start(&s, patient()).await?;
    for id in ["a", "b", "c"] {
        add(&tree, &s.child(id).silent().ends(End::After(75))).await;
    }
    let begun = Instant::now();
    s.note(stopped(tree.stopping().await));
    s.note_steps(begun);
    s.compare().await
}

#[noex::test(paused)]
async fn each_has_its_own_limit() -> Tested {
    let s = Scene::of("dynamic.each_has_its_own_limit");
    let tree = start(&s, patient()).await?;
    for (id, limit) in [("a", 75), ("b", 175)] {
        let child = s.child(id).silent().ends(End::Hang).spec();
        let child = child.shutdown(Shutdown::After(ms(limit)));
        tree.start_child(child).await?;
    }
    let begun = Instant::now();
    s.note(stopped(tree.stopping().await));
    s.note_steps(begun);
    for id in ["a", "b"] {
        s.note(gone(s.life(id, 1).await.exited().await));
    }
    s.compare().await
}

#[noex::test(paused)]
async fn failures_of_all_children_count() -> Tested {
    let s = Scene::of("dynamic.failures_of_all_children_count");
    let tree = start(&s, patient().intensity(1, ms(5_000))).await?;
    for id in ["a", "b"] {
        add(&tree, &s.child(id).silent()).await;
    }
    for id in ["a", "b"] {
        s.life(id, 1).await.kill();
    }
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn partitions() -> Tested {
    let s = Scene::of("dynamic.partitions");
    let worker = s.child("p").silent();
    let spec = PoolSpec::<Worker>::new("parts", 3, move |_| worker.start());
    let partitions = Partitions::start(spec).await?;
    s.kill_at_the_end(&partitions);
    let at = |key: i64| partitions.get(&key).pid();
    let word = |same| if same { "same" } else { "different" };
    for (one, other) in [(1, 1), (1, 2), (1, 4), (2, -2)] {
        s.note(word(at(one) == at(other)));
    }
    let key = || partitions.get("key").pid();
    s.note(word(key() == key()));
    let (before, other) = (at(1), at(2));
    partitions.get(&1).kill();
    s.life("p", 4).await;
    pause(100).await;
    s.note(word(at(1) == before));
    s.note(word(at(2) == other));
    s.compare().await
}
