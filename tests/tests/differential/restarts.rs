//! Which children are restarted after which end, and which others with them.

use crate::scene::{Scene, pause};
use crate::supervisors::{patient, tree_of};
use crate::words::{Tested, children, count, gone, said, stopped};
use crate::worker::{Begin, Order, Part, Worker, ask, boom, enough, ms, note, tell};
use noex::prelude::*;
use noex::supervisor::{Restart, Strategy, TreeHandle};

/// What becomes of a child of this type after each kind of end.
async fn after_each(s: &Scene, restart: Restart) -> Tested {
    let ends = [
        Some(Order::Stop(ExitReason::Normal)),
        Some(Order::Stop(ExitReason::Shutdown)),
        Some(Order::Stop(enough())),
        Some(Order::Stop(boom())),
        // A kill.
        None,
        Some(Order::Raise),
    ];
    for end in ends {
        let a = s.child("a").silent().spec().restart(restart);
        let tree = s.start(patient().child(a)).await?;
        let a = s.lives("a").pop().expect("it is up");
        match end {
            None => a.kill(),
            Some(order) => drop(tell(&a, order)),
        }
        s.note(gone(a.exited().await));
        pause(100).await;
        s.note(children(&tree).await?);
        tree.stop().await?;
    }
    s.compare().await
}

#[noex::test(paused)]
async fn permanent() -> Tested {
    after_each(&Scene::of("restarts.permanent"), Restart::Permanent).await
}

#[noex::test(paused)]
async fn transient() -> Tested {
    after_each(&Scene::of("restarts.transient"), Restart::Transient).await
}

#[noex::test(paused)]
async fn temporary() -> Tested {
    after_each(&Scene::of("restarts.temporary"), Restart::Temporary).await
}

/// Three children of which the second ends.
async fn second_ends(s: &Scene, strategy: Strategy, restart: Restart, end: Order) -> Tested {
    let spec = patient().strategy(strategy).child(s.child("a").spec());
    let spec = spec.child(s.child("b").spec().restart(restart));
    let tree = s.start(spec.child(s.child("c").spec())).await?;
    s.note("up");
    let b = s.life("b", 1).await;
    tell(&b, end);
    b.exited().await;
    pause(100).await;
    s.note(children(&tree).await?);
    s.note("stop");
    tree.stop().await?;
    s.compare().await
}

#[noex::test(paused)]
async fn one_for_one() -> Tested {
    let s = Scene::of("restarts.one_for_one");
    second_ends(&s, Strategy::OneForOne, Restart::Permanent, Order::Raise).await
}

#[noex::test(paused)]
async fn one_for_all() -> Tested {
    let s = Scene::of("restarts.one_for_all");
    second_ends(&s, Strategy::OneForAll, Restart::Permanent, Order::Raise).await
}

#[noex::test(paused)]
async fn rest_for_one() -> Tested {
    let s = Scene::of("restarts.rest_for_one");
    second_ends(&s, Strategy::RestForOne, Restart::Permanent, Order::Raise).await
}

#[noex::test(paused)]
async fn transient_ends_well_in_a_group() -> Tested {
    let s = Scene::of("restarts.transient_ends_well_in_a_group");
    let normal = Order::Stop(ExitReason::Normal);
    second_ends(&s, Strategy::OneForAll, Restart::Transient, normal).await
}

#[noex::test(paused)]
async fn temporary_fails_in_a_group() -> Tested {
    let s = Scene::of("restarts.temporary_fails_in_a_group");
    second_ends(&s, Strategy::OneForAll, Restart::Temporary, Order::Raise).await
}

#[noex::test(paused)]
async fn temporary_sibling_is_not_restarted() -> Tested {
    let s = Scene::of("restarts.temporary_sibling_is_not_restarted");
    let spec = patient().strategy(Strategy::OneForAll);
    let spec = spec.child(s.child("a").spec());
    let spec = spec.child(s.child("b").spec().restart(Restart::Temporary));
    let tree = s.start(spec.child(s.child("c").spec())).await?;
    s.note("up");
    tell(&s.life("a", 1).await, Order::Raise);
    s.life("c", 2).await;
    pause(10).await;
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn stopped_siblings_are_started_with_the_group() -> Tested {
    let s = Scene::of("restarts.stopped_siblings_are_started_with_the_group");
    let spec = patient().strategy(Strategy::OneForAll);
    let spec = spec.child(s.child("a").spec());
    let spec = spec.child(s.child("b").spec().restart(Restart::Transient));
    let tree = s.start(spec.child(s.child("c").spec())).await?;
    let b = s.life("b", 1).await;
    tell(&b, Order::Stop(ExitReason::Normal));
    b.exited().await;
    tree.terminate_child("c").await?;
    s.note("up");
    tell(&s.life("a", 1).await, Order::Raise);
    s.life("c", 2).await;
    pause(10).await;
    s.note(children(&tree).await?);
    s.compare().await
}

/// Three children; the first fails, then once the start of the third.
async fn start_fails_once(s: &Scene, strategy: Strategy) -> Tested {
    let spec = tree_of(["a", "b", "c"].map(|id| s.child(id)));
    let tree = s.start(spec.strategy(strategy)).await?;
    s.script("c", [Begin::Fail]);
    s.note("up");
    tell(&s.life("a", 1).await, Order::Raise);
    s.life("c", 2).await;
    pause(10).await;
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn one_for_all_restart_fails_once() -> Tested {
    let s = Scene::of("restarts.one_for_all_restart_fails_once");
    start_fails_once(&s, Strategy::OneForAll).await
}

#[noex::test(paused)]
async fn rest_for_one_restart_fails_once() -> Tested {
    let s = Scene::of("restarts.rest_for_one_restart_fails_once");
    start_fails_once(&s, Strategy::RestForOne).await
}

#[noex::test(paused)]
async fn two_fail_at_once() -> Tested {
    let s = Scene::of("restarts.two_fail_at_once");
    let spec = tree_of(["a", "b"].map(|id| s.child(id).silent()));
    let tree = s.start(spec.strategy(Strategy::OneForAll)).await?;
    let both = [s.life("a", 1).await, s.life("b", 1).await];
    both.iter().for_each(|worker| worker.kill());
    s.life("b", 2).await;
    pause(100).await;
    s.note(children(&tree).await?);
    let (a, b) = (s.lives("a").len(), s.lives("b").len());
    s.note(format!("{a} and {b} lives"));
    s.compare().await
}

#[noex::test(paused)]
async fn start_declines_when_restarted() -> Tested {
    let s = Scene::of("restarts.start_declines_when_restarted");
    s.script("a", [Begin::Well, Begin::Ignore]);
    let tree = s.start(tree_of([s.child("a").silent()])).await?;
    let a = s.life("a", 1).await;
    tell(&a, Order::Raise);
    a.exited().await;
    pause(100).await;
    s.note(children(&tree).await?);
    s.compare().await
}

/// A child that never comes up again. It keeps the runtime busy, so no time passes.
async fn restarting(s: &Scene) -> Result<TreeHandle, StartError> {
    s.script("a", [Begin::Well]);
    s.always("a", Begin::Fail);
    let spec = tree_of([s.child("a").silent()]);
    let tree = s.start(spec.intensity(10_000_000, ms(1_000))).await?;
    tell(&s.life("a", 1).await, Order::Raise);
    s.beginning("a", 10).await;
    Ok(tree)
}

#[noex::test(paused)]
async fn restart_without_end() -> Tested {
    let s = Scene::of("restarts.restart_without_end");
    let tree = restarting(&s).await?;
    s.note(children(&tree).await?);
    s.note(count(&tree).await?);
    s.note(said(tree.restart_child("a").await));
    s.note(said(tree.delete_child("a").await));
    s.note(said(tree.terminate_child("a").await));
    s.note(children(&tree).await?);
    s.compare().await
}

#[noex::test(paused)]
async fn stop_ends_a_restart_without_end() -> Tested {
    let s = Scene::of("restarts.stop_ends_a_restart_without_end");
    let tree = restarting(&s).await?;
    s.note(stopped(tree.stopping().await));
    s.compare().await
}

#[noex::test(paused)]
async fn handle_of_the_old_process() -> Tested {
    let s = Scene::of("restarts.handle_of_the_old_process");
    s.start(tree_of([s.child("a").silent().name("it")])).await?;
    s.life("a", 1).await.kill();
    s.life("a", 2).await;
    pause(10).await;
    s.note(ask(&s.life("a", 1).await, note("old")).await);
    s.note(ask(&Worker::named("it"), note("new")).await);
    s.compare().await
}

supervisor! {
    struct Nest(part: Part) {
        inner: {
            a: Worker(part.clone()),
        },
    }
}

#[noex::test(paused)]
async fn nested_tree_is_rebuilt_from_its_spec() -> Tested {
    let s = Scene::of("restarts.nested_tree_is_rebuilt_from_its_spec");
    let nest = Nest::start(s.child("a").silent()).await?;
    s.kill_at_the_end(&nest);
    let b = s.child("b").silent().spec();
    nest.inner().start_child(b).await?;
    s.note(children(&nest.inner()).await?);
    nest.inner().kill();
    s.life("a", 2).await;
    pause(100).await;
    s.note(children(&nest.inner()).await?);
    s.note(children(&nest).await?);
    s.compare().await
}
