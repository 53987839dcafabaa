//! Reply tokens: kept, given away, dropped, and answered around the end of the server.

use noex::prelude::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Does not answer by itself.
#[derive(Default)]
struct Clerk {
    kept: Vec<Reply<u32>>,
    log: Log,
}

type Log = Arc<Mutex<Vec<&'static str>>>;

fn note(log: &Log, what: &'static str) {
    log.lock().expect("nobody panics in here").push(what);
}

#[gen_server]
impl Clerk {
    #[call(deferred)]
    fn keep(&mut self, reply: Reply<u32>) {
        self.kept.push(reply);
    }

    #[call(deferred)]
    fn hand_over(&mut self, to: mpsc::UnboundedSender<Reply<u32>>, reply: Reply<u32>) {
        to.send(reply).or_crash();
    }

    #[call(deferred)]
    fn delegate(&mut self, to: ClerkRef, reply: Reply<u32>) {
        to.answer_for(reply).or_crash();
    }

    #[call(deferred)]
    fn lose(&mut self, reply: Reply<u32>) {
        drop(reply);
    }

    #[call(deferred)]
    async fn lose_later(&mut self, reply: Reply<u32>) {
        sleep(Duration::from_millis(10)).await;
        drop(reply);
        sleep(Duration::from_millis(10)).await;
    }

    #[cast]
    fn answer(&mut self, n: u32) {
        self.kept.drain(..).for_each(|kept| kept.send(n));
    }

    #[cast]
    fn answer_for(&mut self, reply: Reply<u32>) {
        reply.send(7);
    }

    #[cast]
    fn forget(&mut self) {
        self.kept.clear();
    }

    #[call]
    fn ping(&self) {}

    #[call]
    fn quit(&mut self, cx: &mut Ctx<Self>) -> u32 {
        cx.stop(ExitReason::Normal);
        note(&self.log, "handler");
        9
    }

    #[call]
    fn answer_then_break(&mut self, cx: &mut Ctx<Self>) -> u32 {
        cx.continue_with(ClerkContinue::FirstStep {});
        8
    }

    #[continuation]
    fn first_step(&mut self) {
        panic!("broken after the answer");
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }

    #[terminate]
    async fn bye(&mut self) {
        note(&self.log, "terminate begins");
        tokio::task::yield_now().await;
        note(&self.log, "terminate ends");
    }
}

#[tokio::test]
async fn ca_12_reply_from_a_later_message() -> Result<()> {
    let clerk = Clerk::default().start().await?;
    let mut pending = clerk.keep().send()?;
    clerk.ping().await?;
    assert!(
        tokio::time::timeout(Duration::ZERO, &mut pending)
            .await
            .is_err()
    );
    clerk.answer(5)?;
    assert_eq!(pending.await?, 5);
    Ok(())
}

#[tokio::test]
async fn ca_13_anyone_may_use_the_token() -> Result<()> {
    let clerk = Clerk::default().start().await?;
    let (to, mut tokens) = mpsc::unbounded_channel::<Reply<u32>>();
    tokio::spawn(async move {
        while let Some(token) = tokens.recv().await {
            token.send(6);
        }
    });
    assert_eq!(clerk.hand_over(to).await?, 6);
    let colleague = Clerk::default().start().await?;
    assert_eq!(clerk.delegate(colleague).await?, 7);
    let (to, mut tokens) = mpsc::unbounded_channel();
    let pending = clerk.hand_over(to).send()?;
    let token = tokens.recv().await.ok_or("handed over")?;
    std::thread::spawn(move || token.send(4))
        .join()
        .expect("no panic");
    assert_eq!(pending.await?, 4);
    Ok(())
}

/// A token that this test holds, and its call.
async fn parked(clerk: &ClerkRef) -> Result<(Reply<u32>, noex::Pending<u32>)> {
    let (to, mut tokens) = mpsc::unbounded_channel();
    let pending = clerk.hand_over(to).send()?;
    let token = tokens.recv().await.ok_or("handed over")?;
    Ok((token, pending))
}

#[tokio::test(start_paused = true)]
async fn ca_14_parked_token_fails_at_once() -> Result<()> {
    let endings: [fn(&ClerkRef); 3] = [
        |clerk| Process::kill(clerk),
        |clerk| clerk.crash().expect("it runs"),
        |clerk| Process::exit(clerk, ExitReason::ShutdownWith("enough".into())),
    ];
    for end in endings {
        for waits_before in [true, false] {
            let clerk = Clerk::default().start().await?;
            let began = Instant::now();
            let (token, pending) = parked(&clerk).await?;
            let waiting = tokio::spawn(pending);
            if waits_before {
                tokio::task::yield_now().await;
            }
            end(&clerk);
            let outcome = waiting.await?;
            assert_eq!(outcome, Err(CallError::Exited(clerk.exited().await)));
            assert_eq!(began.elapsed(), Duration::ZERO);
            token.send(1);
        }
    }
    Ok(())
}

#[noex::test(workers = 2)]
async fn ca_14_parked_token_in_a_race_with_the_death() -> Result<()> {
    let mut outcomes = [0, 0];
    for _ in 0..20_000 {
        let clerk = Clerk::default().start().await?;
        let (token, pending) = parked(&clerk).await?;
        let answering = tokio::spawn(async move { token.send(1) });
        clerk.kill();
        match pending.await {
            Ok(1) => outcomes[0] += 1,
            Err(CallError::Exited(ExitReason::Killed)) => outcomes[1] += 1,
            other => panic!("{other:?}"),
        }
        answering.await?;
    }
    assert_eq!(outcomes[0] + outcomes[1], 20_000, "{outcomes:?}");
    System::current().stop().await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_15_dropped_token_is_no_reply() -> Result<()> {
    let clerk = Clerk::default().start().await?;
    let began = Instant::now();
    // By its handler; by one of another message; by another task.
    assert_eq!(clerk.lose().await, Err(CallError::NoReply));
    let pending = clerk.keep().send()?;
    clerk.forget()?;
    assert_eq!(pending.await, Err(CallError::NoReply));
    let (token, pending) = parked(&clerk).await?;
    let dropping = tokio::spawn(async move { drop(token) });
    assert_eq!(pending.await, Err(CallError::NoReply));
    dropping.await?;
    assert_eq!(began.elapsed(), Duration::ZERO);
    // As soon as the handler waits again.
    assert_eq!(clerk.lose_later().await, Err(CallError::NoReply));
    let took = began.elapsed();
    assert!(took < Duration::from_millis(15), "{took:?}");
    clerk.ping().await?;
    Ok(())
}

/// Chosen for types that are not `Clone` only: else it is ambiguous, which is a compile error.
trait NotClone<Marker> {
    const HOLDS: bool = true;
}
struct IsClone;
impl<T> NotClone<()> for T {}
impl<T: Clone> NotClone<IsClone> for T {}

#[test]
fn ca_16_replying_twice_does_not_compile() {
    // Every way to answer takes the token itself, and there is no second one.
    let _: fn(Reply<u32, String>, u32) = Reply::send;
    let _: fn(Reply<u32, String>, String) = Reply::fail;
    let _: fn(Reply<u32, String>, std::result::Result<u32, String>) = Reply::complete;
    const { assert!(<Reply<u32, String> as NotClone<_>>::HOLDS) }
}

#[tokio::test]
async fn ca_18_stop_with_reply_answers_after_terminate() -> Result<()> {
    for _ in 0..100 {
        let log = Log::default();
        let clerk = Clerk {
            log: log.clone(),
            ..Clerk::default()
        };
        let clerk = clerk.start().await?;
        let (ready, waits) = oneshot::channel();
        let watcher = tokio::spawn({
            let (log, clerk) = (log.clone(), clerk.clone());
            async move {
                let exited = clerk.exited();
                let _ = ready.send(());
                assert_eq!(exited.await, ExitReason::Normal);
                note(&log, "exit");
            }
        });
        waits.await?;
        // A task as the watcher is: tasks of one thread run in the order in which they are woken.
        let caller = tokio::spawn({
            let log = log.clone();
            async move {
                assert_eq!(clerk.quit().await, Ok(9));
                note(&log, "reply");
            }
        });
        caller.await?;
        watcher.await?;
        let order = [
            "handler",
            "terminate begins",
            "terminate ends",
            "reply",
            "exit",
        ];
        assert_eq!(*log.lock().expect("no panics"), order);
    }
    Ok(())
}

#[noex::test(workers = 2)]
async fn ca_18_stop_with_reply_always_answers() -> Result<()> {
    for _ in 0..20_000 {
        let clerk = Clerk::default().start().await?;
        assert_eq!(clerk.quit().await?, 9);
    }
    System::current().stop().await;
    Ok(())
}

#[tokio::test]
async fn ca_19_reply_precedes_a_failing_continuation() -> Result<()> {
    let clerk = Clerk::default().start().await?;
    assert_eq!(clerk.answer_then_break().await?, 8);
    let reason = clerk.exited().await;
    assert!(
        matches!(&reason, ExitReason::Panic { message, .. } if &**message == "broken after the answer"),
        "{reason:?}"
    );
    Ok(())
}
