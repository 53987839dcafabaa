//! Defects of starts and ends, and of waiting for them.

use crate::parts::{Begin, Log, Refused, Tested, Worker, patient, start, tree_of};
use noex::Task;
use noex::prelude::*;
use noex::supervisor::{ChildStartError, Spec, Supervisor};
use std::time::Duration;
use tokio::time::Instant;

/// Only the first who waited for an end was told of it, or only those who came in time.
#[noex::test(workers = 2)]
async fn r08_everyone_who_waits_is_told() -> Tested {
    let log = Log::default();
    for _ in 0..500 {
        let worker = Worker::start(log.part("a")).await?;
        let waiters: Vec<_> = (0..10)
            .map(|_| {
                let worker = worker.clone();
                tokio::spawn(async move { worker.exited().await })
            })
            .collect();
        worker.exit(ExitReason::Shutdown);
        for _ in 0..3 {
            assert_eq!(worker.exited().await, ExitReason::Shutdown);
        }
        for waiter in waiters {
            assert_eq!(waiter.await?, ExitReason::Shutdown);
        }
        assert_eq!(worker.exit_reason(), Some(ExitReason::Shutdown));
        log.take();
    }
    let tree = tree_of(patient(), []).await?;
    let task = Task::start(async {}).await?;
    tree.stop().await?;
    for _ in 0..3 {
        assert_eq!(tree.exited().await, ExitReason::Shutdown);
        assert_eq!(task.exited().await?, ExitReason::Normal);
    }
    Ok(())
}

/// A stop was looked for only now and then, or never by one that slept.
#[tokio::test(start_paused = true)]
async fn r20_an_idle_server_stops_at_once() -> Tested {
    let worker = Worker::start(Log::default().part("a")).await?;
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let begun = Instant::now();
    worker.stop().await?;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    Ok(())
}

/// Stopping one that had stopped was a panic.
#[tokio::test]
async fn r21_ending_the_dead_does_nothing() -> Tested {
    let worker = Worker::start(Log::default().part("a")).await?;
    let tree = tree_of(patient(), []).await?;
    let task = Task::start(noex::stopping()).await?;
    worker.stop().await?;
    tree.stop().await?;
    task.stop().await?;
    for _ in 0..3 {
        assert_eq!(worker.stop().await, Err(StopError::NotRunning));
        assert_eq!(tree.stop().await, Err(StopError::NotRunning));
        assert_eq!(task.stop().await, Err(StopError::NotRunning));
        worker.kill();
        worker.exit(ExitReason::Normal);
        tree.kill();
        task.kill();
    }
    assert_eq!(worker.exit_reason(), Some(ExitReason::Normal));
    Ok(())
}

/// Says in its init why it does not want to begin.
struct Unwilling;

#[gen_server]
impl Unwilling {
    #[init]
    fn new(reason: ExitReason) -> Result<Self, ExitReason> {
        Err(reason)
    }
}

/// What an init said was lost on its way to the starter.
#[tokio::test]
async fn r32_what_init_says_arrives_unchanged() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    a.always(Begin::Fail);
    let Err(StartError::Failed(error)) = Worker::start(a.clone()).await else {
        panic!("it fails");
    };
    assert!(error.downcast_ref::<Refused>().is_some());
    // Through two supervisors.
    let inner = Spec::new("inner").child(a.spec());
    let outer = Spec::new("outer").child(Supervisor::child_spec(inner));
    let failed = start(outer).await.expect_err("it fails");
    let mut path = Vec::new();
    let mut cause = &failed;
    let root = loop {
        let StartError::Failed(error) = cause else {
            panic!("{cause:?}");
        };
        let Some(child) = error.downcast_ref::<ChildStartError>() else {
            break error;
        };
        path.push(child.child.clone());
        cause = &child.error;
    };
    assert_eq!(path, ["inner", "a"]);
    assert!(root.downcast_ref::<Refused>().is_some());
    let reason = ExitReason::ShutdownWith("not today".into());
    let Err(StartError::Failed(error)) = Unwilling::start(reason.clone()).await else {
        panic!("it fails");
    };
    assert_eq!(error.downcast_ref(), Some(&reason));
    Ok(())
}
