//! Restart decisions about a child alone.

use super::parts::{
    Begin, Log, Part, Tested, Worker, WorkerRef, ids, ms, patient, reasons, start, state, status,
    tree_of,
};
use noex::prelude::*;
use noex::supervisor::{ChildState, Spec, Strategy};
use noex::{ChildSpec, Restart};
use std::sync::{Arc, Weak};

#[tokio::test]
async fn rs_01_permanent_child_always_restarts() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let tree = tree_of(patient(), [&a]).await?;
    for (round, (reason, _)) in (2..).zip(reasons()) {
        let old = a.now();
        assert_eq!(old.end_with(&reason).await, reason);
        assert_ne!(a.life(round).await.pid(), old.pid());
        let child = status(&tree, "a").await.expect("it is a child");
        assert_eq!(
            (child.pid, child.state),
            (Some(a.pid()), ChildState::Running)
        );
        assert_eq!(child.restarts, round as u64 - 1);
    }
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_02_transient_child_rests_after_a_clean_exit() -> Tested {
    for (reason, _) in reasons().into_iter().filter(|(_, clean)| *clean) {
        let log = Log::default();
        let a = log.part("a");
        let spec = patient().child(a.spec().restart(Restart::Transient));
        let (tree, _) = start(spec).await?;
        a.now().end_with(&reason).await;
        let child = status(&tree, "a").await.expect("its spec is kept");
        assert_eq!(
            (child.pid, child.state),
            (None, ChildState::Stopped),
            "{reason}"
        );
        assert_eq!(a.begun(), 1);
        tree.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn rs_03_transient_child_restarts_after_a_failure() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let (tree, _) = start(patient().child(a.spec().restart(Restart::Transient))).await?;
    for (reason, _) in reasons().into_iter().filter(|(_, clean)| !clean) {
        let lives = a.lives();
        a.now().end_with(&reason).await;
        a.life(lives + 1).await;
    }
    let lives = a.lives();
    a.now().crash()?;
    a.life(lives + 1).await;
    assert_eq!(state(&tree, "a").await, Some(ChildState::Running));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_04_temporary_child_is_forgotten() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let (tree, _) = start(Spec::new("tree").intensity(0, ms(1)).child(b.spec())).await?;
    for (reason, _) in reasons() {
        tree.start_child(a.spec().restart(Restart::Temporary))
            .await?;
        assert_eq!(ids(&tree).await, ["b", "a"]);
        let lives = a.lives();
        a.now().end_with(&reason).await;
        assert_eq!(ids(&tree).await, ["b"], "{reason}");
        assert_eq!(a.begun(), lives);
    }
    assert_eq!(b.lives(), 1);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_05_one_for_one_spares_siblings() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let tree = tree_of(patient(), [&a, &b, &c]).await?;
    let (first, last) = (a.pid(), c.pid());
    b.now().crash()?;
    b.life(2).await;
    assert_eq!(
        log.take(),
        ["b stops (panic: as asked)", "b gone", "b starts", "b up"]
    );
    assert_eq!((a.pid(), c.pid()), (first, last));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_08_clean_transient_exit_touches_nobody() -> Tested {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, b, c] = log.parts(["a", "b", "c"]);
        let transient = b.spec().restart(Restart::Transient);
        let spec = patient()
            .strategy(strategy)
            .child(a.spec())
            .child(transient);
        let (tree, _) = start(spec.child(c.spec())).await?;
        log.take();
        b.now().end_with(&ExitReason::Normal).await;
        assert_eq!(state(&tree, "b").await, Some(ChildState::Stopped));
        assert_eq!(log.take(), ["b stops (normal)", "b gone"]);
        tree.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn rs_09_dying_temporary_touches_nobody() -> Tested {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::default();
        let [a, b, c] = log.parts(["a", "b", "c"]);
        let temporary = b.spec().restart(Restart::Temporary);
        let spec = patient()
            .strategy(strategy)
            .child(a.spec())
            .child(temporary);
        let (tree, _) = start(spec.child(c.spec())).await?;
        log.take();
        b.now().end_with(&ExitReason::Killed).await;
        assert_eq!(ids(&tree).await, ["a", "c"]);
        assert_eq!(log.take(), ["b gone"]);
        tree.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn rs_19_ignored_restart_keeps_or_drops_the_spec() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    a.next([Begin::Well, Begin::Ignore]);
    let tree = tree_of(patient(), [&a, &b]).await?;
    a.now().crash()?;
    a.beginning(2).await;
    let child = status(&tree, "a").await.expect("its spec is kept");
    assert_eq!((child.pid, child.state), (None, ChildState::Stopped));
    tree.restart_child("a").await?;
    assert_eq!((a.lives(), b.lives()), (2, 1));
    tree.stop().await?;
    Ok(())
}

#[derive(Clone)]
struct Load(#[expect(dead_code, reason = "it is large")] [u8; 1 << 16]);

#[tokio::test]
async fn rs_23_temporary_arguments_are_not_kept() -> Tested {
    let log = Log::default();
    let tree = start(patient()).await?.0;
    let kept = |restart: Restart| {
        let part = log.part("it");
        let load = Arc::new(Load([0; 1 << 16]));
        let seen: Weak<Load> = Arc::downgrade(&load);
        let spec = ChildSpec::new("it", move || {
            let _ = load.clone();
            Worker::start(part.clone())
        });
        (spec.restart(restart), seen)
    };
    let (temporary, seen) = kept(Restart::Temporary);
    tree.start_child(temporary).await?;
    assert!(seen.upgrade().is_none(), "nobody needs it any more");
    tree.terminate_child("it").await?;
    // The means of observation: one that is started again needs it.
    let (permanent, seen) = kept(Restart::Permanent);
    tree.start_child(permanent).await?;
    assert!(seen.upgrade().is_some());
    tree.stop().await?;
    assert!(seen.upgrade().is_none());
    Ok(())
}

supervisor! {
    #[tree(intensity = 1_000_000 in 1s)]
    struct Nest(one: Part, two: Part) {
        #[tree(intensity = 0 in 1s)]
        inner: {
            a: Worker(one.clone()),
            b: Worker(two.clone()),
        },
    }
}

#[tokio::test]
async fn rs_25_restarted_supervisor_forgets_dynamic_children() -> Tested {
    let log = Log::default();
    let [a, b, more] = log.parts(["a", "b", "more"]);
    let nest = Nest::start(a.clone(), b.clone())
        .system(&System::new())
        .await?;
    let inner = nest.inner();
    inner.start_child(more.spec()).await?;
    assert_eq!(ids(&inner).await, ["a", "b", "more"]);
    let before = inner.pid();
    a.now().crash()?;
    b.life(2).await;
    assert_ne!(inner.pid(), before);
    assert_eq!(ids(&inner).await, ["a", "b"]);
    assert_eq!((more.begun(), more.is_alive()), (1, false));
    nest.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_27_old_ref_fails_and_name_follows() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let (tree, system) = start(patient().child(a.spec().name("it"))).await?;
    let (old, named) = (a.now(), Process::<Worker>::named_in(&system, "it"));
    let named = WorkerRef::from(named);
    assert_eq!(named.pid(), old.pid());
    old.kill();
    let new = a.life(2).await;
    assert_eq!(old.ping().await, Err(CallError::NotRunning));
    assert!(matches!(old.crash(), Err(CastError::NotRunning(_))));
    assert_eq!(old.exit_reason(), Some(ExitReason::Killed));
    assert_eq!(named.pid(), new.pid());
    named.ping().await?;
    tree.stop().await?;
    Ok(())
}
