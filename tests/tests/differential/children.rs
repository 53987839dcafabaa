//! Children added, stopped, restarted and removed by hand, and those that are significant.

use crate::scene::{Scene, pause};
use crate::supervisors::{patient, tree_of};
use crate::words::{Tested, alive, children, count, gone, said, stopped};
use crate::worker::{Begin, Order, ms, tell};
use noex::ChildSpec;
use noex::prelude::*;
use noex::supervisor::{AutoShutdown, Restart, Spec, Strategy, Supervisor};

#[noex::test(paused)]
async fn start_child() -> Tested {
    let s = Scene::of("children.start_child");
    let tree = s.start(tree_of([s.child("a")])).await?;
    s.note(said(tree.start_child(s.child("b").spec()).await));
    s.note(said(tree.start_child(s.child("b").spec()).await));
    tree.terminate_child("b").await?;
    s.note(said(tree.start_child(s.child("b").spec()).await));
    s.note(stopped(tree.stopping().await));
    s.compare().await
}

#[noex::test(paused)]
async fn start_child_fails() -> Tested {
    let s = Scene::of("children.start_child_fails");
    s.script("b", [Begin::Fail]);
    let spec = tree_of([s.child("a")]).intensity(0, ms(5_000));
    let tree = s.start(spec).await?;
    s.note(said(tree.start_child(s.child("b").spec()).await));
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn start_child_declines() -> Tested {
    let s = Scene::of("children.start_child_declines");
    s.script("a", [Begin::Ignore]);
    s.script("b", [Begin::Ignore]);
    let tree = s.start(patient()).await?;
    s.note(said(tree.start_child(s.child("a").spec()).await));
    let b = s.child("b").spec().restart(Restart::Temporary);
    s.note(said(tree.start_child(b).await));
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn terminate_child() -> Tested {
    let s = Scene::of("children.terminate_child");
    let b = s.child("b").spec().restart(Restart::Temporary);
    let tree = s.start(tree_of([s.child("a")]).child(b)).await?;
    s.note(said(tree.terminate_child("a").await));
    s.note(said(tree.terminate_child("b").await));
    s.note(children(&tree).await?);
    s.note(said(tree.terminate_child("a").await));
    s.note(said(tree.terminate_child("b").await));
    s.compare().await
}

#[noex::test(paused)]
async fn restart_child() -> Tested {
    let s = Scene::of("children.restart_child");
    let tree = s.start(tree_of([s.child("a")])).await?;
    s.note(said(tree.restart_child("a").await));
    s.note(said(tree.restart_child("x").await));
    tree.terminate_child("a").await?;
    s.note(said(tree.restart_child("a").await));
    tree.terminate_child("a").await?;
    s.script("a", [Begin::Fail]);
    s.note(said(tree.restart_child("a").await));
    pause(100).await;
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn delete_child() -> Tested {
    let s = Scene::of("children.delete_child");
    let tree = s.start(tree_of([s.child("a")])).await?;
    s.note(said(tree.delete_child("a").await));
    s.note(said(tree.delete_child("x").await));
    tree.terminate_child("a").await?;
    s.note(said(tree.delete_child("a").await));
    s.note(children(&tree).await?);
    s.note(said(tree.start_child(s.child("a").spec()).await));
    s.compare().await
}

#[noex::test(paused)]
async fn listed_and_counted() -> Tested {
    let s = Scene::of("children.listed_and_counted");
    let inner = Supervisor::child_spec(Spec::new("inner"));
    let spec = tree_of([s.child("a")]).child(inner);
    let tree = s.start(spec.child(s.child("b").spec())).await?;
    tree.terminate_child("b").await?;
    let listed = tree.children().await?;
    let ids: Vec<_> = listed.iter().map(|child| &*child.id).collect();
    s.note(ids.join(" "));
    s.note(count(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn added_child_is_the_last() -> Tested {
    let s = Scene::of("children.added_child_is_the_last");
    let spec = tree_of([s.child("a"), s.child("b")]);
    let tree = s.start(spec.strategy(Strategy::RestForOne)).await?;
    tree.start_child(s.child("c").spec()).await?;
    s.note("up");
    tell(&s.life("b", 1).await, Order::Raise);
    s.life("c", 2).await;
    s.note(stopped(tree.stopping().await));
    s.compare().await
}

#[noex::test(paused)]
async fn supervisor_is_gone() -> Tested {
    let s = Scene::of("children.supervisor_is_gone");
    let tree = s.start(patient()).await?;
    tree.stop().await?;
    s.note(said(tree.start_child(s.child("a").spec()).await));
    s.compare().await
}

fn significant(s: &Scene, id: &'static str, restart: Restart) -> ChildSpec {
    s.child(id).spec().restart(restart).significant(true)
}

fn any() -> Spec {
    patient().auto_shutdown(AutoShutdown::AnySignificant)
}

fn all() -> Spec {
    patient().auto_shutdown(AutoShutdown::AllSignificant)
}

#[noex::test(paused)]
async fn any_significant_child_ends() -> Tested {
    let s = Scene::of("children.any_significant_child_ends");
    let spec = any().child(s.child("a").spec());
    let spec = spec.child(significant(&s, "b", Restart::Transient));
    let tree = s.start(spec.child(s.child("c").spec())).await?;
    tell(&s.life("b", 1).await, Order::Stop(ExitReason::Normal));
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn significant_child_fails() -> Tested {
    let s = Scene::of("children.significant_child_fails");
    let spec = any().child(significant(&s, "a", Restart::Transient));
    let tree = s.start(spec.child(s.child("b").spec())).await?;
    tell(&s.life("a", 1).await, Order::Raise);
    s.life("a", 2).await;
    pause(100).await;
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn significant_temporary_child_fails() -> Tested {
    let s = Scene::of("children.significant_temporary_child_fails");
    let spec = any().child(significant(&s, "a", Restart::Temporary));
    let tree = s.start(spec.child(s.child("b").spec())).await?;
    tell(&s.life("a", 1).await, Order::Raise);
    s.note(gone(tree.exited().await));
    s.compare().await
}

fn two_significant(s: &Scene) -> Spec {
    let spec = all().child(significant(s, "a", Restart::Transient));
    let spec = spec.child(significant(s, "b", Restart::Transient));
    spec.child(s.child("c").spec())
}

#[noex::test(paused)]
async fn all_significant_children_end() -> Tested {
    let s = Scene::of("children.all_significant_children_end");
    let tree = s.start(two_significant(&s)).await?;
    let a = s.life("a", 1).await;
    tell(&a, Order::Stop(ExitReason::Normal));
    a.exited().await;
    pause(100).await;
    s.note(alive(tree.is_alive()));
    tell(&s.life("b", 1).await, Order::Stop(ExitReason::Normal));
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn significant_child_is_terminated() -> Tested {
    let s = Scene::of("children.significant_child_is_terminated");
    let tree = s.start(two_significant(&s)).await?;
    tree.terminate_child("a").await?;
    s.note(alive(tree.is_alive()));
    tell(&s.life("b", 1).await, Order::Stop(ExitReason::Normal));
    s.note(gone(tree.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn significant_child_is_a_bystander() -> Tested {
    let s = Scene::of("children.significant_child_is_a_bystander");
    let spec = any().strategy(Strategy::OneForAll);
    let spec = spec.child(s.child("a").spec());
    let b = significant(&s, "b", Restart::Temporary);
    let tree = s.start(spec.child(b)).await?;
    tell(&s.life("a", 1).await, Order::Raise);
    s.life("a", 2).await;
    pause(100).await;
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn significance_contradicts() -> Tested {
    let s = Scene::of("children.significance_contradicts");
    let wrong = [
        patient().child(significant(&s, "a", Restart::Transient)),
        any().child(significant(&s, "a", Restart::Permanent)),
    ];
    for spec in wrong {
        assert!(s.start(spec).await.is_err());
        s.note("refused");
    }
    s.compare().await
}

#[noex::test(paused)]
async fn nested_auto_shutdown_spreads() -> Tested {
    let s = Scene::of("children.nested_auto_shutdown_spreads");
    let inner = any().child(significant(&s, "b", Restart::Transient));
    let inner = Supervisor::child_spec(Spec {
        name: "inner",
        ..inner
    });
    let inner = inner.restart(Restart::Transient).significant(true);
    let spec = any().child(s.child("a").spec()).child(inner);
    let tree = s.start(spec).await?;
    tell(&s.life("b", 1).await, Order::Stop(ExitReason::Normal));
    s.note(gone(tree.exited().await));
    s.compare().await
}
