//! Children managed at run time.

use super::parts::{
    Begin, End, Log, Part, Tested, Worker, ids, ms, patient, start, state, status, tree_of, within,
};
use noex::prelude::*;
use noex::supervisor::{
    AutoShutdown, ChildError, ChildState, Spec, SpecError, Strategy, TreeHandle,
};
use noex::{Pid, Restart, Shutdown};
use std::fmt::Debug;
use std::time::Duration;

/// What the supervisor refused with.
fn refused<T: Debug>(outcome: Result<T, CallError<ChildError>>) -> ChildError {
    match outcome {
        Err(CallError::Failed(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn ch_01_running_id_is_already_started() -> Tested {
    let a = Log::default().part("a");
    let tree = tree_of(patient(), [&a]).await?;
    let refusal = refused(tree.start_child(a.spec()).await);
    assert!(matches!(refusal, ChildError::AlreadyRunning(pid) if pid == a.now().pid()));
    assert_eq!((a.begun(), ids(&tree).await.len()), (1, 1));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_02_stopped_id_is_already_present() -> Tested {
    let a = Log::default().part("a");
    let tree = tree_of(patient(), [&a]).await?;
    tree.terminate_child("a").await?;
    let refusal = refused(tree.start_child(a.spec()).await);
    assert!(matches!(refusal, ChildError::AlreadyPresent), "{refusal:?}");
    assert_eq!((a.begun(), ids(&tree).await.len()), (1, 1));
    tree.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ch_03_terminated_permanent_child_keeps_its_spec() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    b.ends(End::Hang);
    let spec = patient()
        .child(a.spec())
        .child(b.spec().shutdown(within(30)));
    let (tree, _) = start(spec).await?;
    log.take();
    let begun = tokio::time::Instant::now();
    tree.terminate_child("a").await?;
    assert_eq!(a.now().exit_reason(), Some(ExitReason::Shutdown));
    tree.terminate_child("b").await?;
    assert_eq!(b.now().exit_reason(), Some(ExitReason::Killed));
    assert_eq!(begun.elapsed().as_millis() / 5, 6);
    assert_eq!(
        log.take(),
        [
            "a stops (shutdown)",
            "a gone",
            "b stops (shutdown)",
            "b gone"
        ]
    );
    for id in ["a", "b"] {
        let child = status(&tree, id).await.expect("its spec is kept");
        assert_eq!((child.pid, child.state), (None, ChildState::Stopped));
    }
    assert_eq!((a.begun(), b.begun()), (1, 1));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_04_terminated_temporary_child_is_forgotten() -> Tested {
    let a = Log::default().part("a");
    let (tree, _) = start(patient().child(a.spec().restart(Restart::Temporary))).await?;
    tree.terminate_child("a").await?;
    assert!(ids(&tree).await.is_empty());
    let refusal = refused(tree.restart_child("a").await);
    assert!(matches!(refusal, ChildError::NotFound), "{refusal:?}");
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_05_terminating_a_stopped_child_is_fine() -> Tested {
    let a = Log::default().part("a");
    let tree = tree_of(patient(), [&a]).await?;
    tree.terminate_child("a").await?;
    tree.terminate_child("a").await?;
    let refusal = refused(tree.terminate_child("b").await);
    assert!(matches!(refusal, ChildError::NotFound), "{refusal:?}");
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_06_restart_child_needs_a_stopped_child() -> Tested {
    let a = Log::default().part("a");
    let tree = tree_of(patient(), [&a]).await?;
    let refusal = refused(tree.restart_child("a").await);
    assert!(matches!(refusal, ChildError::Running), "{refusal:?}");
    let refusal = refused(tree.restart_child("b").await);
    assert!(matches!(refusal, ChildError::NotFound), "{refusal:?}");
    let before = a.pid();
    tree.terminate_child("a").await?;
    let pid = tree.restart_child("a").await?;
    assert_eq!(a.now().pid(), Some(pid));
    assert_ne!(pid, before);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_07_delete_child_needs_a_stopped_child() -> Tested {
    let [a, b] = Log::default().parts(["a", "b"]);
    let tree = tree_of(patient(), [&a]).await?;
    let refusal = refused(tree.delete_child("a").await);
    assert!(matches!(refusal, ChildError::Running), "{refusal:?}");
    tree.terminate_child("a").await?;
    tree.delete_child("a").await?;
    assert!(ids(&tree).await.is_empty());
    let refusal = refused(tree.delete_child("a").await);
    assert!(matches!(refusal, ChildError::NotFound), "{refusal:?}");
    tree.start_child(b.spec().id("a")).await?;
    assert_eq!(status(&tree, "a").await.and_then(|c| c.pid), b.now().pid());
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_08_failed_start_child_leaves_nothing() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let tree = tree_of(Spec::new("tree").intensity(0, ms(5_000)), [&a]).await?;
    b.always(Begin::Fail);
    for round in 1..=5 {
        let refusal = refused(tree.start_child(b.spec()).await);
        let ChildError::Failed(StartError::Failed(error)) = refusal else {
            panic!("{refusal:?}");
        };
        assert_eq!(error.to_string(), "as the script says");
        assert_eq!(ids(&tree).await, ["a"]);
        assert_eq!(b.begun(), round);
    }
    assert_eq!(a.begun(), 1);
    b.always(Begin::Well);
    tree.start_child(b.spec()).await?;
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_09_failed_restart_child_keeps_the_spec() -> Tested {
    let a = Log::default().part("a");
    a.next([Begin::Well, Begin::Fail]);
    let tree = tree_of(Spec::new("tree").intensity(0, ms(5_000)), [&a]).await?;
    tree.terminate_child("a").await?;
    let refusal = refused(tree.restart_child("a").await);
    assert!(
        matches!(refusal, ChildError::Failed(StartError::Failed(_))),
        "{refusal:?}"
    );
    let child = status(&tree, "a").await.expect("its spec is kept");
    assert_eq!((child.pid, child.state), (None, ChildState::Stopped));
    tokio::task::yield_now().await;
    assert_eq!(a.begun(), 2);
    tree.restart_child("a").await?;
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_10_children_are_listed_in_start_order() -> Tested {
    let log = Log::default();
    let [a, b, c, d] = log.parts(["a", "b", "c", "d"]);
    let tree = tree_of(patient(), [&c, &a]).await?;
    tree.start_child(d.spec()).await?;
    tree.start_child(b.spec()).await?;
    assert_eq!(ids(&tree).await, ["c", "a", "d", "b"]);
    a.now().crash()?;
    a.life(2).await;
    tree.terminate_child("c").await?;
    tree.restart_child("c").await?;
    assert_eq!(ids(&tree).await, ["c", "a", "d", "b"]);
    tree.stop().await?;
    Ok(())
}

supervisor! {
    struct Mixed(worker: Part, stopped: Part) {
        a: Worker(worker.clone()),
        b: Worker(stopped.clone()),
        inner: {
            c: task(noex::stopping()),
        },
        d: task(noex::stopping()),
    }
}

#[tokio::test]
async fn ch_11_counts_are_by_kind_and_life() -> Tested {
    let [a, b] = Log::default().parts(["a", "b"]);
    let mixed = Mixed::start(a, b).await?;
    mixed.terminate_child("b").await?;
    let count = mixed.count_children().await?;
    assert_eq!((count.specs, count.active), (4, 3));
    assert_eq!((count.supervisors, count.workers), (1, 3));
    mixed.terminate_child("inner").await?;
    let children = mixed.children().await?;
    let active: Vec<_> = children
        .iter()
        .filter(|c| c.pid.is_some())
        .map(|c| &*c.id)
        .collect();
    assert_eq!(active, ["a", "d"]);
    mixed.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_12_added_child_takes_part_in_order() -> Tested {
    let log = Log::default();
    let [a, b, c, d] = log.parts(["a", "b", "c", "d"]);
    let tree = tree_of(patient().strategy(Strategy::RestForOne), [&a, &b]).await?;
    tree.start_child(c.spec()).await?;
    tree.start_child(d.spec()).await?;
    log.take();
    c.now().kill();
    d.life(2).await;
    let expected = [
        "c gone",
        "d stops (shutdown)",
        "d gone",
        "c starts",
        "c up",
        "d starts",
        "d up",
    ];
    assert_eq!(log.take(), expected);
    tree.stop().await?;
    let expected =
        ["d", "c", "b", "a"].map(|id| [format!("{id} stops (shutdown)"), format!("{id} gone")]);
    assert_eq!(log.take(), expected.concat());
    Ok(())
}

#[noex::test(workers = 2)]
async fn ch_13_racing_start_child_starts_once() -> Tested {
    let log = Log::default();
    let (tree, _) = start(patient()).await?;
    for round in 1..=200 {
        let a = log.part("a");
        let racing: Vec<_> = (0..100)
            .map(|_| {
                let (tree, spec) = (tree.clone(), a.spec());
                tokio::spawn(async move { tree.start_child(spec).await })
            })
            .collect();
        let mut started: Vec<Pid> = Vec::new();
        for outcome in racing {
            match outcome.await? {
                Ok(pid) => started.push(pid),
                refusal => {
                    let refusal = refused(refusal);
                    assert!(
                        matches!(refusal, ChildError::AlreadyRunning(_)),
                        "{refusal:?}"
                    );
                }
            }
        }
        assert_eq!(started, [a.pid()], "{round}");
        assert_eq!(a.begun(), 1);
        tree.terminate_child("a").await?;
        tree.delete_child("a").await?;
    }
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn ch_14_child_spec_shows_the_defaults() -> Tested {
    let a = Log::default().part("a");
    let spec = a
        .spec()
        .id("b")
        .restart(Restart::Transient)
        .shutdown(Shutdown::BrutalKill);
    let (tree, _) = start(patient().child(a.spec()).child(spec)).await?;
    let child = status(&tree, "a").await.expect("it is a child");
    let five = Shutdown::After(Duration::from_secs(5));
    assert_eq!((child.restart, child.shutdown), (Restart::Permanent, five));
    assert_eq!(
        (child.is_significant, child.is_supervisor, child.restarts),
        (false, false, 0)
    );
    let child = status(&tree, "b").await.expect("it is a child");
    assert_eq!(
        (child.restart, child.shutdown),
        (Restart::Transient, Shutdown::BrutalKill)
    );
    assert!(status(&tree, "c").await.is_none());
    tree.stop().await?;
    Ok(())
}

/// What each operation says.
async fn all(tree: &TreeHandle, part: &Part) -> [Option<CallError<ChildError>>; 4] {
    [
        tree.start_child(part.spec()).await.err(),
        tree.terminate_child("a").await.err(),
        tree.restart_child("a").await.err(),
        tree.delete_child("a").await.err(),
    ]
}

#[tokio::test(start_paused = true)]
async fn ch_15_dead_supervisor_answers_noproc() -> Tested {
    let [a, b] = Log::default().parts(["a", "b"]);
    a.ends(End::After(ms(100)));
    let tree = tree_of(patient(), [&a]).await?;
    // One that is ending says so.
    let stopping = tokio::spawn({
        let tree = tree.clone();
        async move { tree.stop().await }
    });
    tokio::time::sleep(ms(10)).await;
    for answer in all(&tree, &b).await {
        assert!(
            matches!(answer, Some(CallError::Failed(ChildError::ShuttingDown))),
            "{answer:?}"
        );
    }
    assert_eq!(state(&tree, "a").await, Some(ChildState::Stopping));
    stopping.await??;
    for answer in all(&tree, &b).await {
        assert!(matches!(answer, Some(CallError::NotRunning)), "{answer:?}");
    }
    assert_eq!(tree.children().await, Err(CallError::NotRunning));
    assert_eq!(tree.stop().await, Err(StopError::NotRunning));
    assert_eq!(b.begun(), 0);
    Ok(())
}

#[tokio::test]
async fn ch_16_contradictory_spec_changes_nothing() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let tree = tree_of(patient().auto_shutdown(AutoShutdown::AnySignificant), [&a]).await?;
    let contradictory = b.spec().significant(true).restart(Restart::Permanent);
    let refusal = refused(tree.start_child(contradictory).await);
    let ChildError::Failed(StartError::Failed(error)) = refusal else {
        panic!("{refusal:?}");
    };
    assert!(matches!(
        error.downcast_ref(),
        Some(SpecError::SignificantPermanent { .. })
    ));
    assert_eq!(ids(&tree).await, ["a"]);
    assert_eq!((a.begun(), b.begun()), (1, 0));
    tree.stop().await?;
    Ok(())
}
