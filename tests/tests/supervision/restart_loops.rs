//! Children that fail whenever they are started again.

use super::parts::{Begin, Log, Part, Tested, ms, patient, start, state, status, tree_of};
use noex::ExitReason;
use noex::prelude::CallError;
use noex::supervisor::{ChildError, ChildState, Spec, TreeHandle};
use std::time::Duration;
use tokio::time::timeout;

/// A tree of `a`, which fails again and again, and `b`.
async fn looping(log: &Log) -> Result<(TreeHandle, Part, Part), Box<dyn std::error::Error>> {
    let [a, b] = log.parts(["a", "b"]);
    a.next([Begin::Well]).always(Begin::Fail);
    let spec = patient().intensity(u32::MAX, Duration::from_secs(1));
    let tree = tree_of(spec, [&a, &b]).await?;
    a.now().kill();
    a.beginning(100).await;
    Ok((tree, a, b))
}

#[tokio::test]
async fn rs_14_failed_attempts_spend_the_budget() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    a.next([Begin::Well]).always(Begin::Fail);
    let tree = tree_of(Spec::new("tree").intensity(3, ms(5_000)), [&a]).await?;
    a.now().kill();
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    assert_eq!((a.begun(), a.lives()), (4, 1));
    Ok(())
}

#[tokio::test]
async fn rs_15_restart_loop_still_answers() -> Tested {
    let log = Log::default();
    let (tree, a, b) = looping(&log).await?;
    for _ in 0..100 {
        let children = tree.children().await?;
        assert_eq!(
            (children[0].pid, children[0].state),
            (None, ChildState::Restarting)
        );
        assert_eq!(
            children.iter().filter_map(|c| c.pid).collect::<Vec<_>>(),
            [b.pid()]
        );
        a.beginning(a.begun() + 1).await;
    }
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_16_terminate_child_ends_the_restart_loop() -> Tested {
    let log = Log::default();
    let (tree, a, _) = looping(&log).await?;
    tree.terminate_child("a").await?;
    let begun = a.begun();
    for _ in 0..100 {
        assert_eq!(state(&tree, "a").await, Some(ChildState::Stopped));
        tokio::task::yield_now().await;
    }
    assert_eq!(a.begun(), begun);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_17_restarting_child_refuses_changes() -> Tested {
    let log = Log::default();
    let (tree, _, _) = looping(&log).await?;
    let restarted = tree.restart_child("a").await;
    assert!(
        matches!(restarted, Err(CallError::Failed(ChildError::Restarting))),
        "{restarted:?}"
    );
    let deleted = tree.delete_child("a").await;
    assert!(
        matches!(deleted, Err(CallError::Failed(ChildError::Restarting))),
        "{deleted:?}"
    );
    assert!(status(&tree, "a").await.is_some());
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_18_shutdown_ends_the_restart_loop() -> Tested {
    let log = Log::default();
    let (tree, a, b) = looping(&log).await?;
    timeout(Duration::from_secs(5), tree.stop()).await??;
    assert!(!b.is_alive());
    let begun = a.begun();
    tokio::task::yield_now().await;
    assert_eq!(a.begun(), begun);
    // A loop in init is no obstacle either.
    let hanging = log.part("hanging");
    hanging.next([Begin::Well]).always(Begin::Hang);
    let (tree, system) = start(patient().child(hanging.spec())).await?;
    hanging.now().kill();
    hanging.beginning(2).await;
    timeout(ms(500), tree.stop()).await??;
    assert!(system.processes().is_empty());
    Ok(())
}
