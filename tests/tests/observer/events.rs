//! What happens.

use super::{Counter, Outcome, Shop, soon};
use noex::prelude::*;
use noex::{Events, Observer, ObserverEvent};
use std::sync::{Arc, Mutex};

/// The kinds of what happens until one of this kind has.
async fn until(events: &mut Events, last: &str) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    loop {
        kinds.push(soon(events.next()).await.kind());
        if kinds.last() == Some(&last) {
            return kinds;
        }
    }
}

#[noex::test]
async fn s26_s27_starts_and_stops_are_told_with_name_and_reason() -> Outcome {
    let mut events = Observer::current().events();
    let counter = Counter::start_as("visits", 0).await?;
    let pid = counter.pid();
    counter
        .stop()
        .reason(ExitReason::ShutdownWith("enough".into()))
        .await?;
    let ObserverEvent::ServerStarted { stats } = events.next().await else {
        panic!("it has started");
    };
    assert_eq!(
        (Some(stats.id), stats.name.as_deref()),
        (pid, Some("visits"))
    );
    let ObserverEvent::ServerStopped {
        id, name, reason, ..
    } = events.next().await
    else {
        panic!("it has stopped");
    };
    assert_eq!((Some(id), name.as_deref()), (pid, Some("visits")));
    assert_eq!(reason, ExitReason::ShutdownWith("enough".into()));
    assert!(events.try_next().is_none());
    Ok(())
}

#[noex::test]
async fn s28_a_tree_tells_of_starts_crashes_restarts_and_its_end() -> Outcome {
    let mut events = Observer::current().events();
    let shop = Shop::start().await?;
    let started = until(&mut events, "supervisor_started").await;
    assert_eq!(
        started,
        ["server_started", "server_started", "supervisor_started"]
    );
    assert_eq!(
        until(&mut events, "supervisor_started").await,
        ["server_started", "supervisor_started"]
    );
    shop.worker().crash()?;
    assert_eq!(
        until(&mut events, "child_restarted").await,
        [
            "crashed",
            "server_stopped",
            "server_started",
            "child_restarted"
        ]
    );
    shop.stop().await?;
    let mut stopped = until(&mut events, "supervisor_stopped").await;
    stopped.extend(until(&mut events, "supervisor_stopped").await);
    assert_eq!(
        stopped,
        [
            "server_stopped",
            "server_stopped",
            "server_stopped",
            "supervisor_stopped",
            "supervisor_stopped"
        ]
    );
    Ok(())
}

#[noex::test]
async fn s28_giving_up_is_told_with_the_child() -> Outcome {
    let mut events = Observer::current().events();
    let shop = Shop::start().await?;
    let (pid, worker) = (shop.pid(), shop.worker());
    for _ in 0..2 {
        worker.crash()?;
        until(&mut events, "child_restarted").await;
    }
    worker.crash()?;
    loop {
        if let ObserverEvent::MaxRestartsExceeded {
            supervisor, child, ..
        } = events.next().await
        {
            assert_eq!((Some(supervisor), child.as_deref()), (pid, Some("worker")));
            return Ok(());
        }
    }
}

/// What fails to start has not been started, and does not stop.
#[noex::test]
async fn a_failed_start_is_no_event() -> Outcome {
    let mut events = Observer::current().events();
    Counter::start_as("taken", 0).await?;
    let refused = Counter::start_as("taken", 0).await;
    assert!(matches!(refused, Err(StartError::NameTaken(_))));
    assert_eq!(events.next().await.kind(), "server_started");
    assert!(events.try_next().is_none());
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn s08_a_callback_is_called_until_its_guard_is_dropped() -> Outcome {
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = told.clone();
    let subscription =
        Observer::current().subscribe(move |event| notes.lock().unwrap().push(event.kind()));
    let counter = Counter::start(0).await?;
    while told.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(subscription);
    tokio::task::yield_now().await;
    counter.stop().await?;
    tokio::task::yield_now().await;
    assert_eq!(*told.lock().unwrap(), ["server_started"]);
    Ok(())
}

/// EV-01: it is removed, the others go on.
#[noex::test]
async fn a_callback_that_panics_hurts_nobody_else() -> Outcome {
    let mut events = Observer::current().events();
    let calls = Arc::new(Mutex::new(0));
    let count = calls.clone();
    let _subscription = Observer::current().subscribe(move |_| {
        *count.lock().unwrap() += 1;
        panic!("in a subscriber");
    });
    let one = Counter::start(0).await?;
    while Arc::strong_count(&calls) > 1 {
        tokio::task::yield_now().await;
    }
    let two = Counter::start(0).await?;
    assert_eq!(two.add(1).await?, 1);
    assert_eq!(events.next().await.kind(), "server_started");
    assert_eq!(events.next().await.kind(), "server_started");
    tokio::task::yield_now().await;
    one.stop().await?;
    two.stop().await?;
    assert_eq!(*calls.lock().unwrap(), 1);
    Ok(())
}

#[noex::test]
async fn who_is_too_slow_is_told_how_much_it_missed() -> Outcome {
    let mut events = Observer::current().events();
    for _ in 0..Events::CAPACITY / 2 + 5 {
        Counter::start(0).await?.stop().await?;
    }
    let ObserverEvent::Missed { events: missed } = events.next().await else {
        panic!("ten events too many");
    };
    let mut left = 0;
    while events.try_next().is_some() {
        left += 1;
    }
    assert_eq!((missed, left), (10, Events::CAPACITY));
    Ok(())
}
