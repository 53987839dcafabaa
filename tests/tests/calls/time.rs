//! Deadlines of calls.

use noex::prelude::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Takes its time, and lists what it has finished.
#[derive(Default)]
struct Slow {
    finished: Arc<Mutex<Vec<&'static str>>>,
}

#[gen_server]
impl Slow {
    #[call]
    async fn wait(&mut self, millis: u64, what: &'static str) -> &'static str {
        sleep(ms(millis)).await;
        self.note(what)
    }

    #[call(always)]
    fn at_any_rate(&mut self, what: &'static str) -> &'static str {
        self.note(what)
    }

    #[call]
    async fn never(&mut self) {
        std::future::pending().await
    }

    fn note(&self, what: &'static str) -> &'static str {
        self.finished.lock().expect("no panics").push(what);
        what
    }
}

impl Slow {
    async fn started() -> Result<(SlowRef, Arc<Mutex<Vec<&'static str>>>)> {
        let slow = Slow::default();
        let finished = slow.finished.clone();
        Ok((slow.start().await?, finished))
    }
}

/// Asks on behalf of the test, as a process.
struct Asker {
    slow: SlowRef,
}

#[gen_server]
impl Asker {
    #[call(raw, timeout = 1min)]
    async fn ask_never(&mut self) -> std::result::Result<(), CallError> {
        self.slow.never().await
    }

    /// One call that is late, then two that are not.
    #[call(timeout = 1min)]
    async fn ask_thrice(&mut self) -> [std::result::Result<&'static str, CallError>; 3] {
        [
            self.slow.wait(60, "late").timeout(ms(20)).await,
            self.slow.wait(60, "second").await,
            self.slow.wait(60, "third").await,
        ]
    }

    #[call]
    fn ping(&self) {}
}

#[tokio::test(start_paused = true)]
async fn ca_02_default_timeout_is_five_seconds() -> Result<()> {
    let (slow, _) = Slow::started().await?;
    let asker = Asker { slow }.start().await?;
    let began = Instant::now();
    let answer = asker.ask_never().await?;
    let after = Duration::from_secs(5);
    assert_eq!(answer, Err(CallError::Timeout { after }));
    let took = began.elapsed();
    assert!(took >= after && took < after + ms(5), "{took:?}");
    asker.ping().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_03_late_reply_reaches_nobody() -> Result<()> {
    let (slow, finished) = Slow::started().await?;
    let asker = Asker { slow }.start().await?;
    let answers = asker.ask_thrice().await?;
    let late = CallError::Timeout { after: ms(20) };
    assert_eq!(answers, [Err(late), Ok("second"), Ok("third")]);
    assert_eq!(
        *finished.lock().expect("no panics"),
        ["late", "second", "third"]
    );
    assert_eq!((asker.handled(), asker.queue_len()), (1, 0));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_04_abandoned_queued_call_is_skipped() -> Result<()> {
    let (slow, finished) = Slow::started().await?;
    let busy = slow.wait(100, "busy").send()?;
    let late = Err(CallError::Timeout { after: ms(20) });
    assert_eq!(slow.wait(1, "late").timeout(ms(20)).await, late);
    // Its deadline passes in the queue; that nobody has looked at it makes no difference.
    let unwatched = slow.wait(1, "unwatched").timeout(ms(20)).send()?;
    drop(slow.wait(1, "dropped").send()?);
    assert!(timeout(ms(1), slow.wait(1, "cut short")).await.is_err());
    let wanted = slow.at_any_rate("always").timeout(ms(1)).await;
    assert_eq!(wanted, Err(CallError::Timeout { after: ms(1) }));
    slow.wait(1, "detached").detach()?;
    assert_eq!(busy.await?, "busy");
    assert_eq!(slow.wait(1, "last").await?, "last");
    assert_eq!(unwatched.await, late);
    assert_eq!(
        *finished.lock().expect("no panics"),
        ["busy", "always", "detached", "last"]
    );
    assert_eq!(slow.skipped(), 4);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_04_begun_call_finishes_without_its_caller() -> Result<()> {
    let (slow, finished) = Slow::started().await?;
    let late = slow.wait(100, "late").timeout(ms(20)).await;
    assert_eq!(late, Err(CallError::Timeout { after: ms(20) }));
    assert!(timeout(ms(90), slow.wait(50, "dropped")).await.is_err());
    assert_eq!(slow.wait(1, "last").await?, "last");
    assert_eq!(
        *finished.lock().expect("no panics"),
        ["late", "dropped", "last"]
    );
    assert_eq!(slow.skipped(), 0);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_20_waiting_again_still_gets_the_reply() -> Result<()> {
    let (slow, _) = Slow::started().await?;
    let mut pending = slow.wait(50, "reply").send()?;
    assert!(timeout(ms(20), &mut pending).await.is_err());
    assert!(timeout(ms(20), &mut pending).await.is_err());
    assert_eq!(timeout(ms(20), &mut pending).await?, Ok("reply"));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_25_odd_timeouts_concern_only_the_caller() -> Result<()> {
    let (slow, finished) = Slow::started().await?;
    let at_once = slow.wait(10, "zero").timeout(Duration::ZERO).await;
    let after = Duration::ZERO;
    assert_eq!(at_once, Err(CallError::Timeout { after }));
    let long = slow.wait(10_000, "for ever").timeout(Duration::MAX).await;
    assert_eq!(long, Ok("for ever"));
    let nearly = Duration::MAX - Duration::from_nanos(1);
    assert_eq!(slow.wait(10, "nearly").timeout(nearly).await, Ok("nearly"));
    let years = Duration::from_secs(200 * 365 * 86_400);
    assert_eq!(slow.wait(10, "years").timeout(years).await, Ok("years"));
    let centuries = Duration::from_secs(400 * 365 * 86_400);
    let pending = slow.wait(10, "centuries").timeout(centuries).send()?;
    assert_eq!(pending.await, Ok("centuries"));
    let answered = ["for ever", "nearly", "years", "centuries"];
    assert_eq!(*finished.lock().expect("no panics"), answered);
    assert!(slow.is_alive());
    Ok(())
}
