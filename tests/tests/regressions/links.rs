//! Defects of links.

use crate::parts::{Log, Tested, Worker, WorkerRef};
use noex::prelude::*;
use std::time::Duration;
use tokio::time::timeout;

/// Links that two set at the same time, each to the other, locked both.
#[noex::test(workers = 2)]
async fn r14_two_may_link_each_other_at_once() -> Tested {
    let log = Log::default();
    let parts = log.parts(["a", "b"]);
    for _ in 0..10_000 {
        let [a, b] = [
            Worker::start(parts[0].clone()).await?,
            Worker::start(parts[1].clone()).await?,
        ];
        let linking = [(a.clone(), b.clone()), (b.clone(), a.clone())].map(|(one, other)| {
            tokio::spawn(async move {
                one.link_to(other).expect("it runs");
                one.ping().await
            })
        });
        for linked in linking {
            timeout(Duration::from_secs(60), linked).await???;
        }
        a.kill();
        assert_eq!(b.exited().await, ExitReason::Killed);
        log.take();
    }
    Ok(())
}

/// An exit that went round a circle of links overflowed the stack.
#[tokio::test]
async fn r15_an_exit_goes_round_without_recursion() -> Tested {
    let log = Log::default();
    let part = log.part("one of many");
    let mut ring: Vec<WorkerRef> = Vec::new();
    for _ in 0..10_000 {
        ring.push(Worker::start(part.clone()).await?);
    }
    for (at, worker) in ring.iter().enumerate() {
        worker.link_to(ring[(at + 1) % ring.len()].clone())?;
    }
    for worker in &ring {
        worker.ping().await?;
    }
    ring[0].crash()?;
    for worker in &ring {
        assert!(matches!(worker.exited().await, ExitReason::Panic { .. }));
    }
    Ok(())
}
