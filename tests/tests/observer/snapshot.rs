//! What there is.

use super::{Counter, Outcome, Shop, soon};
use noex::prelude::*;
use noex::{NodeStats, Observer, ServerStatus};

#[noex::test]
async fn s29_every_process_is_there_with_what_it_counts() -> Outcome {
    let shop = Shop::start().await?;
    shop.worker().add(1).await?;
    shop.worker().add(1).await?;
    let snapshot = Observer::current().snapshot();
    assert_eq!(snapshot.process_count, 5);
    assert_eq!((snapshot.servers.len(), snapshot.supervisors.len()), (3, 2));
    assert_eq!((snapshot.total_messages, snapshot.total_restarts), (2, 0));
    let worker = shop.worker().pid();
    let worker = snapshot.servers.iter().find(|s| Some(s.id) == worker);
    let worker = worker.expect("it runs");
    assert_eq!((worker.message_count, worker.queue_size), (2, 0));
    assert_eq!(worker.status, ServerStatus::Running);
    assert!(worker.server.ends_with("Counter"), "{}", worker.server);
    shop.stop().await?;
    assert_eq!(Observer::current().process_count(), 0);
    Ok(())
}

#[noex::test]
async fn d16_the_tree_is_nested_and_in_start_order() -> Outcome {
    Shop::start().await?;
    Counter::start_as("alone", 0).await?;
    let tree = Observer::current().tree();
    let names: Vec<_> = tree.iter().map(|node| &*node.name).collect();
    assert_eq!(names, ["Shop", "alone"]);
    let [core, worker] = &*tree[0].children else {
        panic!("{tree:?}");
    };
    assert_eq!((&*core.name, &*worker.name), ("core", "worker"));
    let below: Vec<_> = core.children.iter().map(|node| &*node.name).collect();
    assert_eq!(below, ["database", "cache"]);
    let NodeStats::Supervisor(stats) = &core.stats else {
        panic!("{core:?}");
    };
    assert_eq!((stats.strategy, stats.child_count), ("rest_for_one", 2));
    assert_eq!(stats.parent, Some(tree[0].id));
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn l01_the_tree_is_drawn() -> Outcome {
    let shop = Shop::start().await?;
    let drawn = Observer::current().snapshot().to_string();
    let mut shape = String::new();
    for line in drawn.lines() {
        let (name, rest) = line.split_once("  <").expect("a pid follows the name");
        let (_, stats) = rest.split_once("> ").expect("the pid ends");
        shape += &format!("{name} | {stats}\n");
    }
    assert_eq!(
        shape,
        "Shop | one_for_one, 2 children, 0 restarts\n\
         ├─ core | rest_for_one, 2 children, 0 restarts\n\
         │  ├─ database | running, 0 queued, 0 handled\n\
         │  └─ cache | running, 0 queued, 0 handled\n\
         └─ worker | running, 0 queued, 0 handled\n"
    );
    shop.stop().await?;
    Ok(())
}

#[noex::test]
async fn s29_restarts_are_counted_by_their_supervisor() -> Outcome {
    let shop = Shop::start().await?;
    // Both of `core` are started again.
    shop.core().database().crash()?;
    soon(async {
        while Observer::current().snapshot().total_restarts < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let supervisors = Observer::current().supervisors();
    let restarts = |name: &str| {
        let found = supervisors.iter().find(|s| &*s.name == name);
        found.map(|s| s.total_restarts)
    };
    assert_eq!(restarts("Shop"), Some(0));
    assert_eq!(Observer::current().snapshot().total_restarts, 2);
    shop.stop().await?;
    Ok(())
}

/// The longest queue first.
#[noex::test]
async fn l01_the_table_shows_who_has_work_waiting() -> Outcome {
    Counter::start_as("quick", 0).await?;
    let slow = Counter::start_as("slow", 0).await?;
    assert!(slow.suspend());
    tokio::task::yield_now().await;
    let waits = slow.add(1).send()?;
    let table = Observer::current().snapshot().table();
    let cells: Vec<Vec<_>> = table
        .lines()
        .map(|l| l.split_whitespace().skip(1).collect())
        .collect();
    assert_eq!(
        cells,
        [
            ["NAME", "STATUS", "DOING", "QUEUE", "MESSAGES", "UPTIME"],
            ["slow", "suspended", "nothing", "1", "0", "00:00:00"],
            ["quick", "running", "nothing", "0", "0", "00:00:00"],
        ]
    );
    drop(waits);
    System::current().stop().await;
    Ok(())
}

/// A look needs nothing of the process: this one is suspended, with something in its mailbox.
#[noex::test]
async fn l01_one_that_does_not_answer_is_seen_with_its_queue() -> Outcome {
    let counter = Counter::start_as("slow", 0).await?;
    assert!(counter.suspend());
    tokio::task::yield_now().await;
    let waits = counter.add(1).send()?;
    let servers = Observer::current().servers();
    assert_eq!(servers[0].status, ServerStatus::Suspended);
    assert_eq!(servers[0].queue_size, 1);
    assert!(counter.resume());
    assert_eq!(waits.await?, 1);
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn systems_do_not_see_each_other() -> Outcome {
    let other = System::new();
    Counter::start(0).system(&other).await?;
    assert_eq!(Observer::current().process_count(), 0);
    assert_eq!(other.observer().process_count(), 1);
    other.stop().await;
    Ok(())
}
