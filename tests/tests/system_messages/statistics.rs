//! What a server counts.

use super::{Outcome, settle};
use noex::prelude::*;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{advance, sleep};

#[derive(Default)]
struct Clerk;

#[gen_server]
impl Clerk {
    #[cast]
    fn note(&mut self) {}

    #[call]
    async fn hold(&mut self, until: oneshot::Receiver<()>) {
        let _ = until.await;
    }
}

#[derive(Default)]
struct Timed;

#[gen_server(timing)]
impl Timed {
    /// Works for the first time and waits for the second.
    #[call]
    async fn work(&mut self, running: Duration, waiting: Duration) {
        advance(running).await;
        sleep(waiting).await;
    }
}

#[noex::test(paused)]
async fn sy_04_statistics_count() -> Outcome {
    let clerk = Clerk.start().await?;
    let fresh = clerk.statistics().ok_or("not running")?;
    assert_eq!((fresh.handled, fresh.skipped, fresh.undelivered), (0, 0, 0));
    assert_eq!((fresh.queued, fresh.queued_peak), (0, 0));
    assert_eq!((fresh.busy, fresh.longest), (None, None));
    for _ in 0..10 {
        clerk.note()?;
    }
    advance(Duration::from_secs(60)).await;
    settle().await;
    // One that it is busy with, one that nobody wants, and eight that wait.
    let (release, until) = oneshot::channel();
    let held = clerk.hold(until).timeout(Duration::MAX).send()?;
    settle().await;
    let (_unused, until) = oneshot::channel();
    drop(clerk.hold(until).send()?);
    (0..8).try_for_each(|_| clerk.note())?;
    let busy = clerk.statistics().ok_or("not running")?;
    assert_eq!((busy.handled, busy.queued), (10, 9));
    assert_eq!(busy.queued_peak, 10);
    assert!(busy.uptime >= Duration::from_secs(60));
    assert!(busy.polls > fresh.polls);
    release.send(()).expect("it waits");
    held.await?;
    settle().await;
    let after = clerk.statistics().ok_or("not running")?;
    // The one that was skipped counts as handled too: the server is done with it.
    assert_eq!((after.handled, after.skipped, after.queued), (20, 1, 0));
    // Left when it ends.
    assert!(clerk.suspend());
    (0..3).try_for_each(|_| clerk.note())?;
    clerk.stop().await?;
    assert_eq!(clerk.undelivered(), 3);
    assert_eq!(clerk.statistics(), None);
    Ok(())
}

#[noex::test(paused)]
async fn sy_04_timing_measures_handlers() -> Outcome {
    let timed = Timed.start().await?;
    let nothing = timed.statistics().ok_or("not running")?;
    assert_eq!(nothing.busy, Some(Duration::ZERO));
    assert_eq!(nothing.longest, Some(Duration::ZERO));
    let work = |running, waiting| {
        let ms = Duration::from_millis;
        timed.work(ms(running), ms(waiting)).timeout(Duration::MAX)
    };
    work(100, 2000).await?;
    work(1000, 0).await?;
    settle().await;
    let some = timed.statistics().ok_or("not running")?;
    let ms = |of: Option<Duration>| of.unwrap_or_default().as_millis();
    assert!((1100..1110).contains(&ms(some.busy)), "{some:?}");
    assert!((2100..2110).contains(&ms(some.longest)), "{some:?}");
    // While it runs, the time it has taken is known exactly.
    let running = work(0, 60_000).send()?;
    sleep(Duration::from_secs(20)).await;
    let asked = timed
        .get_state(|_| ())
        .timeout(Duration::from_secs(1))
        .await;
    let Err(noex::SystemMessageError::Busy { handler, at_least }) = asked else {
        panic!("{asked:?}");
    };
    assert_eq!((handler, at_least.as_secs()), ("work", 21));
    drop(running);
    timed.kill();
    timed.exited().await;
    Ok(())
}
