//! When timers fire, and when they do not.

use super::clock::{Clock, NONE, ms};
use noex::Timer;
use noex::prelude::*;
use std::error::Error;
use std::time::Duration;
use tokio::time::{Instant, sleep};

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test(paused)]
async fn ti_04_cancel_tells_the_time_left() -> Outcome {
    let clock = Clock::default().start().await?;
    let timer = clock.set(ms(100), 1).await?;
    sleep(ms(40)).await;
    assert_eq!(clock.cancel(timer).await?, Some(ms(60)));
    assert_eq!(clock.cancel(timer).await?, None);
    sleep(ms(200)).await;
    assert_eq!(clock.chimes().await?, NONE);
    // One that has come.
    let timer = clock.set(ms(100), 2).await?;
    sleep(ms(200)).await;
    assert_eq!(clock.cancel(timer).await?, None);
    assert_eq!(clock.chimes().await?, [2]);
    // One that is due and waits in the mailbox.
    let timer = clock.set(ms(100), 4).await?;
    assert_eq!(clock.cancel_late(timer, ms(200)).await?, Some(ms(0)));
    assert_eq!(clock.set_and_cancel(ms(0), 5).await?, Some(ms(0)));
    assert_eq!(clock.chimes().await?, NONE);
    clock.stop().await?;
    Ok(())
}

#[noex::test(paused)]
async fn ti_05_timers_fire_in_time_order() -> Outcome {
    let clock = Clock::default().start().await?;
    // Near and far ones, which are kept apart until they are near.
    let delay = |n: u32| ms(100 * u64::from(n) * u64::from(n));
    for n in [5, 0, 3, 40, 1, 9, 2, 20, 4, 10] {
        clock.set(delay(n), n).await?;
    }
    let before = Instant::now();
    let mut came = Vec::new();
    while came.len() < 10 {
        sleep(ms(1)).await;
        let new = clock.chimes().await?;
        for n in &new {
            let late = before.elapsed().saturating_sub(delay(*n));
            assert!(before.elapsed() >= delay(*n), "{n} came early");
            assert!(late <= ms(2), "{n} came {late:?} late");
        }
        came.extend(new);
    }
    assert_eq!(came, [0, 1, 2, 3, 4, 5, 9, 10, 20, 40]);
    clock.stop().await?;
    Ok(())
}

/// Sets timers and cancels them at about the time when they are due.
#[derive(Default)]
struct Racer {
    timers: Vec<(Timer, Fate)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Open,
    Fired,
    Cancelled,
}

struct Due(usize);

#[gen_server(mailbox = unbounded)]
impl Racer {
    #[call]
    fn set(&mut self, many: usize, cx: &mut Ctx<Self>) {
        self.timers.clear();
        for n in 0..many {
            let delay = Duration::from_micros(1000 + n as u64 % 3 * 1000);
            self.timers.push((cx.send_after(delay, Due(n)), Fate::Open));
        }
    }

    #[info]
    fn due(&mut self, due: Due) {
        let (_, fate) = &mut self.timers[due.0];
        assert!(*fate == Fate::Open, "fired although fired or cancelled");
        *fate = Fate::Fired;
    }

    /// Cancels a few, those included that have fired.
    #[call]
    fn cancel(&mut self, from: usize, to: usize, cx: &mut Ctx<Self>) {
        for (timer, fate) in &mut self.timers[from..to] {
            match cx.cancel(*timer) {
                None => assert!(*fate == Fate::Fired, "neither fired nor cancelled"),
                Some(_) => {
                    assert!(*fate == Fate::Open, "fired and cancelled");
                    *fate = Fate::Cancelled;
                }
            }
        }
    }

    /// How many have fired, how many were cancelled.
    #[call]
    fn fates(&self) -> (usize, usize) {
        let count = |wanted| {
            self.timers
                .iter()
                .filter(|(_, fate)| *fate == wanted)
                .count()
        };
        (count(Fate::Fired), count(Fate::Cancelled))
    }
}

#[noex::test(workers = 2)]
async fn ti_06_timer_fires_or_is_cancelled() -> Outcome {
    const ROUNDS: usize = 200;
    const MANY: usize = 500;
    const STEP: usize = 10;
    let racer = Racer::default().start().await?;
    let (mut fired, mut cancelled) = (0, 0);
    for _ in 0..ROUNDS {
        racer.set(MANY).await?;
        sleep(ms(1)).await;
        for from in (0..MANY).step_by(STEP) {
            racer.cancel(from, from + STEP).await?;
        }
        sleep(ms(1)).await;
        let fates = racer.fates().await?;
        assert_eq!(fates.0 + fates.1, MANY);
        (fired, cancelled) = (fired + fates.0, cancelled + fates.1);
    }
    assert!(
        fired > 0 && cancelled > 0,
        "{fired} fired, {cancelled} cancelled: no race"
    );
    racer.stop().await?;
    Ok(())
}
