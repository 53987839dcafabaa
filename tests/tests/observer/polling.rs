//! What there is, told again and again.

use super::{Counter, Outcome, soon};
use noex::{Observer, ObserverEvent, System};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, advance};

async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[noex::test(paused)]
async fn s09_a_poll_comes_at_once_and_then_at_its_times_until_its_guard_is_dropped() -> Outcome {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (notes, begin) = (times.clone(), Instant::now());
    let polling = Observer::current().start_polling(Duration::from_secs(5), move |_| {
        notes.lock().unwrap().push(begin.elapsed().as_secs());
    });
    settle().await;
    for _ in 0..10 {
        advance(Duration::from_secs(1)).await;
        settle().await;
    }
    drop(polling);
    advance(Duration::from_secs(60)).await;
    settle().await;
    assert_eq!(*times.lock().unwrap(), [0, 5, 10]);
    Ok(())
}

#[noex::test]
async fn s29_a_poll_tells_the_figures_and_subscribers_hear_it() -> Outcome {
    let mut events = Observer::current().events();
    let counter = Counter::start(0).await?;
    counter.add(1).await?;
    assert_eq!(events.next().await.kind(), "server_started");
    let _polling = Observer::current().start_polling(Duration::from_secs(3600), |_| {});
    let ObserverEvent::StatsUpdate {
        servers,
        supervisors,
    } = soon(events.next()).await
    else {
        panic!("a poll is told to subscribers");
    };
    assert_eq!(servers.iter().map(|s| s.message_count).sum::<u64>(), 1);
    assert!(supervisors.is_empty());
    System::current().stop().await;
    Ok(())
}

#[noex::test(paused)]
async fn a_handler_that_panics_is_called_no_more() -> Outcome {
    let calls = Arc::new(Mutex::new(()));
    let held = calls.clone();
    let _polling = Observer::current().start_polling(Duration::from_secs(1), move |_| {
        let _held = held.lock().unwrap();
        panic!("in a poll");
    });
    settle().await;
    assert_eq!(Arc::strong_count(&calls), 1);
    Ok(())
}
