//! Timers that are set for another process.

use super::clock::{Chime, Clock, ClockRef, NONE, ms};
use noex::prelude::*;
use noex::{KeyRegistry, RemoteTimer};
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

type Outcome = Result<(), Box<dyn Error>>;

/// Sets timers for others.
struct Setter;

#[gen_server]
impl Setter {
    #[call]
    fn set(&mut self, clock: ClockRef, delay: Duration, n: u32) -> RemoteTimer {
        clock.send_after(delay, Chime(n, ()))
    }
}

#[noex::test(paused)]
async fn ti_02_timer_outlives_its_setter() -> Outcome {
    let clock = Clock::default().start().await?;
    for way in 0..2 {
        let setter = Setter.start().await?;
        for (n, delay) in [(1, ms(100)), (2, ms(200)), (3, ms(3_600_000))] {
            setter.set(clock.clone(), delay, n).await?;
        }
        match way {
            0 => setter.kill(),
            _ => setter.exit(ExitReason::Shutdown),
        }
        timeout(Duration::from_secs(10), setter.exited()).await?;
        sleep(ms(99)).await;
        assert_eq!(clock.chimes().await?, NONE);
        sleep(ms(2)).await;
        assert_eq!(clock.chimes().await?, [1]);
        sleep(ms(100)).await;
        assert_eq!(clock.chimes().await?, [2]);
        sleep(ms(3_600_000)).await;
        assert_eq!(clock.chimes().await?, [3]);
    }
    clock.stop().await?;
    Ok(())
}

#[noex::test(paused)]
async fn ti_03_name_is_resolved_at_expiry() -> Outcome {
    let named = Clock::named("clock");
    let first = Clock::default().start_as("clock").await?;
    for n in 1..4 {
        named.send_after(ms(u64::from(n) * 100), Chime(n, ()));
    }
    sleep(ms(101)).await;
    assert_eq!(first.chimes().await?, [1]);
    first.stop().await?;
    // Nobody has the name when the second is due.
    sleep(ms(100)).await;
    let third = Clock::default().start().await?;
    third.register("clock")?;
    sleep(ms(100)).await;
    assert_eq!(third.chimes().await?, [3]);
    // Something that takes other messages has it.
    assert!(third.unregister("clock"));
    let setter = Setter.start_as("clock").await?;
    named.send_after(ms(100), Chime(4, ()));
    named.send_after(ms(0), Chime(5, ()));
    sleep(ms(200)).await;
    assert_eq!(third.chimes().await?, NONE);
    setter.stop().await?;
    third.stop().await?;
    Ok(())
}

#[noex::test(paused)]
async fn keys_and_places_are_resolved_at_expiry() -> Outcome {
    let clocks = KeyRegistry::<u32>::unique();
    clocks.via::<Clock>(1).send_after(ms(100), Chime(1, ()));
    let clock = Clock::default().start().via(&clocks, 1, ()).await?;
    sleep(ms(101)).await;
    assert_eq!(clock.chimes().await?, [1]);
    clock.stop().await?;
    Ok(())
}

/// Something that knows how often it is shared.
struct Owner(u32);

#[gen_server(mailbox = 1)]
impl Owner {
    #[info]
    fn chime(&mut self, chime: Chime<Arc<()>>) {
        self.0 += chime.0;
    }

    #[call]
    fn sum(&self) -> u32 {
        self.0
    }
}

#[noex::test(paused)]
async fn ti_01_dead_receiver_frees_what_was_set_for_it() -> Outcome {
    let load = Arc::new(());
    for way in 0..2 {
        let owner = Owner(0).start_as("owner").await?;
        let timers: Vec<_> = (1..5)
            .map(|n| owner.send_after(ms(1000 * n), Chime(1, load.clone())))
            .collect();
        assert_eq!(Arc::strong_count(&load), 5);
        match way {
            0 => owner.kill(),
            _ => owner.exit(ExitReason::Shutdown),
        }
        timeout(Duration::from_secs(10), owner.exited()).await?;
        assert_eq!(Arc::strong_count(&load), 1);
        for timer in timers {
            assert_eq!(timer.cancel(), None);
        }
        assert_eq!(
            owner.send_after(ms(1), Chime(1, load.clone())).cancel(),
            None
        );
        assert_eq!(Arc::strong_count(&load), 1);
    }
    Ok(())
}

#[noex::test(paused)]
async fn ti_04_cancel_takes_back_what_was_set_for_another() -> Outcome {
    let owner = Owner(0).start_as("owner").await?;
    let load = Arc::new(());
    let chime = |n| Chime(n, load.clone());
    for following in [false, true] {
        let to = match following {
            true => Owner::named("owner"),
            false => owner.clone(),
        };
        let timer = to.send_after(ms(100), chime(1));
        sleep(ms(40)).await;
        assert_eq!(timer.cancel(), Some(ms(60)));
        let timer = to.send_after(ms(100), chime(10));
        sleep(ms(200)).await;
        assert_eq!(timer.cancel(), None);
        assert_eq!(owner.sum().await?, if following { 20 } else { 10 });
        assert_eq!(Arc::strong_count(&load), 1);
    }
    // One that is due and waits in the mailbox, which is full besides.
    owner.suspend();
    owner.send(chime(100))?;
    assert!(owner.send(chime(0)).is_err());
    let taken_back = owner.send_after(ms(0), chime(1000));
    owner.send_after(ms(10), chime(200));
    sleep(ms(20)).await;
    assert_eq!(taken_back.cancel(), Some(ms(0)));
    owner.resume();
    assert_eq!(owner.sum().await?, 320);
    owner.stop().await?;
    assert_eq!(Arc::strong_count(&load), 1);
    Ok(())
}

/// A message that panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("dropped");
        }
    }
}

struct Target;

#[gen_server]
impl Target {
    #[info]
    fn bomb(&mut self, bomb: Bomb) {
        std::mem::forget(bomb);
    }
}

#[noex::test(paused)]
async fn messages_that_panic_when_dropped_stop_no_clock() -> Outcome {
    let target = Target.start().await?;
    target.send_after(ms(50), Bomb);
    target.exit(ExitReason::Shutdown);
    assert_eq!(target.exited().await, ExitReason::Shutdown);
    Target::named("nobody").send_after(ms(10), Bomb);
    let clock = Clock::default().start().await?;
    clock.set(ms(100), 1).await?;
    sleep(ms(101)).await;
    assert_eq!(clock.chimes().await?, [1]);
    clock.stop().await?;
    Ok(())
}

/// A key that panics when it is compared.
#[derive(Clone, Eq)]
struct Thorn;

impl Hash for Thorn {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl PartialEq for Thorn {
    fn eq(&self, _: &Self) -> bool {
        panic!("compared");
    }
}

#[noex::test(paused)]
async fn keys_that_panic_stop_no_clock() -> Outcome {
    let clocks = KeyRegistry::<Thorn>::unique();
    let clock = Clock::default().start().via(&clocks, Thorn, ()).await?;
    clocks.via::<Clock>(Thorn).send_after(ms(10), Chime(1, ()));
    clock.send_after(ms(100), Chime(2, ()));
    sleep(ms(101)).await;
    assert_eq!(clock.chimes().await?, [2]);
    clock.stop().await?;
    Ok(())
}
