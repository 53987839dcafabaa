//! Deaths that race against what the supervisor does.

use super::parts::{Log, Tested, Worker, WorkerRef, patient, start, status, tree_of};
use noex::prelude::*;
use noex::supervisor::Strategy;

const ROUNDS: usize = 20_000;

#[noex::test(workers = 2)]
async fn rs_20_simultaneous_deaths_race() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let tree = tree_of(patient().strategy(Strategy::OneForAll), [&a, &b]).await?;
    for round in 1..=ROUNDS {
        let (first, second) = (a.now(), b.now());
        let racing = tokio::spawn(async move { first.kill() });
        second.kill();
        racing.await?;
        a.life(round + 1).await;
        b.life(round + 1).await;
        log.take();
    }
    tree.children().await?;
    assert_eq!((a.begun(), b.begun()), (ROUNDS + 1, ROUNDS + 1));
    tree.stop().await?;
    Ok(())
}

#[noex::test(workers = 2)]
async fn rs_21_stale_exits_race() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let tree = tree_of(patient().strategy(Strategy::RestForOne), [&a, &b]).await?;
    for round in 1..=ROUNDS {
        let (first, second) = (a.now(), b.now());
        let racing = tokio::spawn(async move { second.kill() });
        first.kill();
        racing.await?;
        a.life(round + 1).await;
        // Whether `b` died before, after or with `a`: it is there again.
        while status(&tree, "b").await.is_none_or(|b| b.pid.is_none()) {
            tokio::task::yield_now().await;
        }
        log.take();
    }
    let children = tree.children().await?;
    assert_eq!(
        (children[0].restarts as usize, a.begun()),
        (ROUNDS, ROUNDS + 1)
    );
    assert_eq!(children[1].pid, b.now().pid());
    assert!((ROUNDS..=2 * ROUNDS).contains(&(children[1].restarts as usize)));
    tree.stop().await?;
    Ok(())
}

#[noex::test(workers = 2)]
async fn rs_24_restart_never_finds_its_name_taken() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let (tree, system) = start(patient().child(a.spec().name("it"))).await?;
    let named = WorkerRef::from(Process::<Worker>::named_in(&system, "it"));
    for round in 1..=2_000 {
        named.kill();
        let new = a.life(round + 1).await;
        assert_eq!(named.pid(), new.pid());
    }
    // No attempt has failed.
    assert_eq!(tree.children().await?[0].restarts, 2_000);
    tree.stop().await?;
    Ok(())
}

#[noex::test(workers = 2)]
async fn rs_26_down_child_is_never_listed_as_running() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let tree = tree_of(patient(), [&a]).await?;
    for round in 1..=ROUNDS {
        let old = a.now();
        let dead = old.pid();
        old.kill();
        old.exited().await;
        let listed = tree.children().await?;
        assert_ne!(listed[0].pid, dead, "{round}: {listed:?}");
        a.life(round + 1).await;
        log.take();
    }
    tree.stop().await?;
    Ok(())
}
