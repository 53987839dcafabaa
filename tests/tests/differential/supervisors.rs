//! Supervisors: how they start, stop and give up, and in which order.

use crate::scene::{Scene, pause};
use crate::words::{Tested, alive, children, count, gone, outcome, said, stopped};
use crate::worker::{Begin, End, Order, Part, ask, enough, ms, note, run, tell};
use noex::prelude::*;
use noex::supervisor::TreeHandle;
use noex::supervisor::{Restart, Shutdown, Spec, Supervisor};
use tokio::time::Instant;

/// A supervisor that bears any number of failures.
pub(crate) fn patient() -> Spec {
    Spec::new("tree").intensity(1_000, ms(1_000))
}

pub(crate) fn tree_of<const N: usize>(parts: [Part; N]) -> Spec {
    parts
        .iter()
        .fold(patient(), |spec, part| spec.child(part.spec()))
}

async fn note_stop(s: &Scene, tree: &TreeHandle) {
    s.note(stopped(tree.stopping().await));
}

#[noex::test(paused)]
async fn starts_in_order_and_stops_in_reverse() -> Tested {
    let s = Scene::of("supervisors.starts_in_order_and_stops_in_reverse");
    s.script("b", [Begin::After(50)]);
    let tree = s
        .start(tree_of(["a", "b", "c"].map(|id| s.child(id))))
        .await?;
    s.note("started");
    note_stop(&s, &tree).await;
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn child_does_not_start() -> Tested {
    let s = Scene::of("supervisors.child_does_not_start");
    s.script("c", [Begin::Fail]);
    let spec = tree_of(["a", "b", "c", "d"].map(|id| s.child(id)));
    s.note(outcome(&s.start(spec).await));
    s.compare().await
}

#[noex::test(paused)]
async fn child_panics_at_its_start() -> Tested {
    let s = Scene::of("supervisors.child_panics_at_its_start");
    s.script("b", [Begin::Raise]);
    let spec = tree_of(["a", "b"].map(|id| s.child(id)));
    s.note(outcome(&s.start(spec).await));
    s.compare().await
}

#[noex::test(paused)]
async fn child_has_nothing_to_do() -> Tested {
    let s = Scene::of("supervisors.child_has_nothing_to_do");
    s.script("a", [Begin::Ignore]);
    s.script("b", [Begin::Ignore]);
    let b = s.child("b").spec().restart(Restart::Temporary);
    let spec = patient().child(s.child("a").spec()).child(b);
    let tree = s.start(spec.child(s.child("c").spec())).await?;
    s.note(children(&tree).await?);
    s.note(count(&tree).await?);
    s.note(said(tree.restart_child("a").await));
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn ids_repeat() -> Tested {
    let s = Scene::of("supervisors.ids_repeat");
    let spec = tree_of(["a", "a"].map(|id| s.child(id)));
    assert!(s.start(spec).await.is_err());
    s.note("refused");
    s.compare().await
}

#[noex::test(paused)]
async fn name_of_a_child_is_taken() -> Tested {
    let s = Scene::of("supervisors.name_of_a_child_is_taken");
    s.part("x").name("it").start().await?;
    let spec = tree_of([s.child("a"), s.child("b").name("it")]);
    s.note(outcome(&s.start(spec).await));
    s.compare().await
}

#[noex::test(paused)]
async fn child_takes_too_long_to_end() -> Tested {
    let s = Scene::of("supervisors.child_takes_too_long_to_end");
    let b = s.child("b").ends(End::Hang).spec();
    let spec = patient().child(s.child("a").spec());
    let spec = spec.child(b.shutdown(Shutdown::After(ms(50))));
    let tree = s.start(spec.child(s.child("c").spec())).await?;
    let begun = Instant::now();
    note_stop(&s, &tree).await;
    s.note_steps(begun);
    s.note(gone(s.life("b", 1).await.exited().await));
    s.note(gone(s.life("a", 1).await.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn child_is_killed_brutally() -> Tested {
    let s = Scene::of("supervisors.child_is_killed_brutally");
    let b = s.child("b").spec().shutdown(Shutdown::BrutalKill);
    let tree = s
        .start(patient().child(s.child("a").spec()).child(b))
        .await?;
    note_stop(&s, &tree).await;
    s.note(gone(s.life("b", 1).await.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn child_may_take_its_time() -> Tested {
    let s = Scene::of("supervisors.child_may_take_its_time");
    let a = s.child("a").ends(End::After(100)).spec();
    let tree = s
        .start(patient().child(a.shutdown(Shutdown::Infinity)))
        .await?;
    let begun = Instant::now();
    note_stop(&s, &tree).await;
    s.note_steps(begun);
    s.compare().await
}

#[noex::test(paused)]
async fn children_end_one_after_the_other() -> Tested {
    let s = Scene::of("supervisors.children_end_one_after_the_other");
    let slow = |id| s.child(id).ends(End::After(50));
    let tree = s.start(tree_of(["a", "b", "c"].map(slow))).await?;
    let begun = Instant::now();
    note_stop(&s, &tree).await;
    s.note_steps(begun);
    s.compare().await
}

#[noex::test(paused)]
async fn child_ends_otherwise_during_the_stop() -> Tested {
    let s = Scene::of("supervisors.child_ends_otherwise_during_the_stop");
    let b = s.child("b").ends(End::Fail);
    let tree = s.start(tree_of([s.child("a"), b])).await?;
    note_stop(&s, &tree).await;
    s.note(gone(s.life("b", 1).await.exited().await));
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn backlog_counts_against_the_limit() -> Tested {
    let s = Scene::of("supervisors.backlog_counts_against_the_limit");
    let a = s.child("a").spec().shutdown(Shutdown::After(ms(75)));
    let tree = s.start(patient().child(a)).await?;
    let a = s.life("a", 1).await;
    for n in 1..=10 {
        tell(&a, Order::Then(vec![Order::Sleep(50), note(n)]));
    }
    note_stop(&s, &tree).await;
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn stopped_with_a_reason() -> Tested {
    let s = Scene::of("supervisors.stopped_with_a_reason");
    let tree = s.start(tree_of([s.child("a")])).await?;
    s.note(stopped(tree.stopping().reason(enough()).await));
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn stopped_without_a_reason() -> Tested {
    let s = Scene::of("supervisors.stopped_without_a_reason");
    let tree = s.start(tree_of([s.child("a")])).await?;
    tree.stop().await?;
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn nested_tree_stops_as_one_child() -> Tested {
    let s = Scene::of("supervisors.nested_tree_stops_as_one_child");
    let inner = Spec {
        name: "inner",
        ..tree_of([s.child("b"), s.child("c")])
    };
    let spec = patient().child(s.child("a").spec());
    let spec = spec.child(Supervisor::child_spec(inner));
    let tree = s.start(spec.child(s.child("d").spec())).await?;
    s.note(count(&tree).await?);
    note_stop(&s, &tree).await;
    s.compare().await
}

#[noex::test(paused)]
async fn supervisor_is_killed() -> Tested {
    let s = Scene::of("supervisors.supervisor_is_killed");
    let tree = s
        .start(tree_of([s.child("a").untrapped(), s.child("b")]))
        .await?;
    tree.kill();
    s.note(gone(tree.exited().await));
    s.note(gone(s.life("a", 1).await.exited().await));
    s.note(gone(s.life("b", 1).await.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn parent_of_the_supervisor_ends_normally() -> Tested {
    let s = Scene::of("supervisors.parent_of_the_supervisor_ends_normally");
    let a = s.silent("a").await?;
    let spec = tree_of([s.child("b")]);
    let start = Supervisor::start(spec).link();
    ask(&a, run(async move { drop(start.await) })).await;
    tell(&a, Order::Stop(ExitReason::Normal));
    s.note(gone(s.life("b", 1).await.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn gives_up() -> Tested {
    let s = Scene::of("supervisors.gives_up");
    let spec = tree_of(["a", "b", "c"].map(|id| s.child(id)));
    let tree = s.start(spec.intensity(2, ms(5_000))).await?;
    for n in 1..=3 {
        let b = s.life("b", n).await;
        b.kill();
        b.exited().await;
    }
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn bears_no_failure() -> Tested {
    let s = Scene::of("supervisors.bears_no_failure");
    let spec = tree_of([s.child("a")]).intensity(0, ms(5_000));
    let tree = s.start(spec).await?;
    tell(&s.life("a", 1).await, Order::Raise);
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn failures_expire() -> Tested {
    let s = Scene::of("supervisors.failures_expire");
    let spec = tree_of([s.child("a").silent()]).intensity(1, ms(1_000));
    let tree = s.start(spec).await?;
    for n in 1..=3 {
        s.life("a", n).await.kill();
        s.life("a", n + 1).await;
        pause(2_100).await;
    }
    s.note(alive(tree.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn clean_ends_are_no_failures() -> Tested {
    let s = Scene::of("supervisors.clean_ends_are_no_failures");
    let a = s.child("a").silent().spec().restart(Restart::Transient);
    let tree = s.start(patient().intensity(0, ms(5_000)).child(a)).await?;
    for n in 1..=3 {
        let a = s.life("a", n).await;
        tell(&a, Order::Stop(ExitReason::Shutdown));
        a.exited().await;
        pause(100).await;
        tree.restart_child("a").await?;
    }
    s.note(alive(tree.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn restart_of_a_permanent_child_that_ended_well_counts() -> Tested {
    let s = Scene::of("supervisors.restart_of_a_permanent_child_that_ended_well_counts");
    let spec = tree_of([s.child("a")]).intensity(1, ms(5_000));
    let tree = s.start(spec).await?;
    for n in 1..=2 {
        tell(&s.life("a", n).await, Order::Stop(ExitReason::Normal));
    }
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn starts_that_fail_count() -> Tested {
    let s = Scene::of("supervisors.starts_that_fail_count");
    s.script("a", [Begin::Well]);
    s.always("a", Begin::Fail);
    let spec = tree_of([s.child("a")]).intensity(3, ms(5_000));
    let tree = s.start(spec).await?;
    tell(&s.life("a", 1).await, Order::Raise);
    s.note(gone(tree.exited().await));
    s.compare().await
}

/// A tree in a tree whose worker fails twice, which is once too often.
async fn gives_up_below(s: &Scene, restart: Restart) -> Tested {
    let one = tree_of([s.child("a").silent()]).intensity(1, ms(5_000));
    let inner = Supervisor::child_spec(Spec {
        name: "inner",
        ..one
    });
    let tree = s.start(patient().child(inner.restart(restart))).await?;
    for n in 1..=2 {
        let a = s.life("a", n).await;
        a.kill();
        a.exited().await;
    }
    pause(100).await;
    s.note(children(&tree).await?);
    Ok(())
}

#[noex::test(paused)]
async fn transient_supervisor_gives_up() -> Tested {
    let s = Scene::of("supervisors.transient_supervisor_gives_up");
    gives_up_below(&s, Restart::Transient).await?;
    s.compare().await
}

#[noex::test(paused)]
async fn permanent_supervisor_gives_up() -> Tested {
    let s = Scene::of("supervisors.permanent_supervisor_gives_up");
    gives_up_below(&s, Restart::Permanent).await?;
    s.note(alive(s.life("a", 3).await.is_alive()));
    s.compare().await
}
