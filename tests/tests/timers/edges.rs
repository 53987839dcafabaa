//! Delays and periods that nobody means, and that must do no harm.

use super::clock::{Chime, Clock, NONE, ms};
use noex::prelude::*;
use std::error::Error;
use std::sync::mpsc;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::time::{advance, sleep};

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test(paused)]
async fn a_delay_longer_than_time_is_for_ever() -> Outcome {
    let clock = Clock::default().start().await?;
    let timer = clock.set(Duration::MAX, 1).await?;
    let interval = clock.every(Duration::MAX, 2).await?;
    sleep(Duration::from_secs(365 * 24 * 3600)).await;
    assert_eq!(clock.chimes().await?, NONE);
    assert!(clock.cancel(timer).await?.is_some());
    assert!(clock.cancel(interval).await?.is_some());
    clock.stop().await?;
    Ok(())
}

#[noex::test(paused)]
async fn missed_ticks_are_left_out() -> Outcome {
    let clock = Clock::default().start().await?;
    clock.every(Duration::from_nanos(1), 1).await?;
    advance(Duration::from_secs(3600)).await;
    assert!(clock.chimes().await?.len() < 100);
    clock.stop().await?;
    // The rhythm is kept.
    let clock = Clock::default().start().await?;
    clock.every(ms(100), 2).await?;
    advance(ms(1050)).await;
    sleep(ms(40)).await;
    assert_eq!(clock.chimes().await?, [2]);
    sleep(ms(20)).await;
    assert_eq!(clock.chimes().await?, [2]);
    clock.stop().await?;
    Ok(())
}

/// Its first timer, that is, when tokio takes no more tasks.
#[test]
fn a_timer_in_a_runtime_that_shuts_down_holds_nobody_up() -> Outcome {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build()?;
    let system = System::new();
    let clock = runtime.block_on(Clock::default().start().system(&system).into_future())?;
    let (begun, begins) = mpsc::channel();
    let (set, is_set) = mpsc::channel();
    runtime.spawn(async move {
        let _ = begun.send(());
        // A task that is refused is over at once.
        while !tokio::spawn(std::future::pending::<()>()).is_finished() {
            std::thread::yield_now();
        }
        clock.send_after(ms(1), Chime(1, ()));
        let _ = set.send(());
    });
    begins.recv()?;
    runtime.shutdown_background();
    is_set.recv_timeout(Duration::from_secs(10))?;
    Ok(())
}
