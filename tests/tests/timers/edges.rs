//! Delays and periods that nobody means, and that must do no harm.

use super::clock::{Clock, NONE, ms};
use std::error::Error;
use std::time::Duration;
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
