//! Timers end with their server.

use super::clock::{Chime, ms};
use noex::prelude::*;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::{sleep, timeout};

type Outcome = Result<(), Box<dyn Error>>;

/// Every timer has a share in it.
type Load = Arc<AtomicU32>;

/// Sets timers and counts, in their load, what comes of them.
struct Owner;

#[gen_server(mailbox = unbounded)]
impl Owner {
    #[init]
    fn new() -> Self {
        Self
    }

    #[call]
    fn set(&mut self, many: u64, load: Load, cx: &mut Ctx<Self>) {
        for n in 0..many {
            // Within the turn of the wheel, and beyond.
            let delay = Duration::from_secs(3600) * u32::from(n % 2 == 1) + ms(1000 + n);
            cx.send_after(delay, Chime(0, load.clone()));
        }
    }

    #[call]
    fn every(&mut self, period: Duration, load: Load, cx: &mut Ctx<Self>) {
        cx.interval(period, Chime(0, load));
    }

    #[info]
    fn chime(&mut self, chime: Chime<Load>) {
        chime.1.fetch_add(1, Relaxed);
    }

    #[cast]
    fn crash(&mut self) -> Result<(), String> {
        Err("as told".into())
    }
}

/// The ways to end.
fn end(owner: &OwnerRef, way: usize) {
    match way % 3 {
        0 => owner.exit(ExitReason::Shutdown),
        1 => owner.kill(),
        _ => owner.crash().expect("it runs"),
    }
}

#[noex::test(paused)]
async fn ti_01_dead_target_frees_its_timers() -> Outcome {
    let load = Load::default();
    for way in 0..3 {
        let owner = Owner::start().await?;
        owner.set(4, load.clone()).await?;
        assert_eq!(Arc::strong_count(&load), 5);
        end(&owner, way);
        owner.exited().await;
        assert_eq!(Arc::strong_count(&load), 1);
    }
    sleep(Duration::from_secs(2 * 3600)).await;
    assert_eq!(load.load(Relaxed), 0);
    Ok(())
}

#[noex::test(workers = 2)]
async fn ti_07_a_million_timers_leave_nothing() -> Outcome {
    const OWNERS: u32 = 1000;
    const TIMERS: u64 = 1000;
    let load = Load::default();
    let mut owners = Vec::new();
    for _ in 0..OWNERS {
        let owner = Owner::start().await?;
        owner.set(TIMERS, load.clone()).await?;
        owners.push(owner);
    }
    assert!(Arc::strong_count(&load) > 500_000);
    for (way, owner) in owners.iter().enumerate() {
        end(owner, way);
    }
    for owner in &owners {
        timeout(Duration::from_secs(60), owner.exited()).await?;
    }
    assert_eq!(Arc::strong_count(&load), 1);
    Ok(())
}

#[noex::test(paused)]
async fn ti_08_interval_ends_with_its_owner() -> Outcome {
    let load = Load::default();
    for way in 0..3 {
        let owner = Owner::start().await?;
        owner.every(ms(100), load.clone()).await?;
        sleep(ms(350)).await;
        assert_eq!(load.swap(0, Relaxed), 3);
        end(&owner, way);
        owner.exited().await;
        assert_eq!(Arc::strong_count(&load), 1);
        sleep(ms(1000)).await;
        assert_eq!(load.load(Relaxed), 0);
    }
    Ok(())
}
