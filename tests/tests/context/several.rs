//! A handler that waits for several things at once can go on when one of them has come.

use crate::node::{Answer, Node, Queued, Result, Work, first, nothing};
use noex::prelude::*;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn when(told: oneshot::Receiver<()>) -> Work {
    first(async move { told.await.expect("it is told") })
}

/// Documented: a process that races a call against a timer counts as waiting for the call.
#[tokio::test(start_paused = true)]
async fn a_call_raced_against_a_timer_learns_of_the_circle_first() -> Result<()> {
    let [a, b]: [Node; 2] = Node::start_many(false).await?;
    let began = Instant::now();
    // B is busy with a call to A, which is busy with the race.
    let (start, started) = oneshot::channel();
    let to_b = b.visit(nothing());
    let race: Work = Box::pin(async move {
        let _ = started.await;
        tokio::select! {
            answer = to_b => answer,
            () = sleep(ms(1000)) => panic!("the timer was first"),
        }
    });
    let racing = tokio::spawn({
        let a = a.clone();
        async move { a.run(race).await }
    });
    tokio::task::yield_now().await;
    b.cast(a.visit(nothing()));
    tokio::task::yield_now().await;
    let _ = start.send(());
    let seen = racing.await??;
    let answer = *seen.nested.expect("a called b");
    assert!(matches!(answer, Err(CallError::Deadlock(_))), "{answer:?}");
    assert_eq!(began.elapsed(), Duration::ZERO);
    Ok(())
}

/// A waits for B or C; B calls A back; C answers.
#[tokio::test(start_paused = true)]
async fn a_handler_that_waits_for_either_of_two_is_not_accused() -> Result<()> {
    let [a, b, c]: [Node; 3] = Node::start_many(false).await?;
    let (go, told) = oneshot::channel();
    let (report, reported) = oneshot::channel();
    let back = a.visit(nothing());
    let to_b = b.visit(first(async move {
        let _ = report.send(back.await);
    }));
    let to_c = c.visit(when(told));
    let race: Work = Box::pin(async move {
        tokio::select! {
            answer = to_b => answer,
            answer = to_c => answer,
        }
    });
    let racing = tokio::spawn({
        let a = a.clone();
        async move { a.run(race).await }
    });
    sleep(ms(10)).await;
    go.send(()).expect("it waits");
    let won = racing.await??.innermost()?;
    assert_eq!(won.pid, c.pid());
    reported.await?.expect("b called back")?;
    Ok(())
}

/// The same at the worst moment: C has answered, A has not looked yet, and B calls.
#[tokio::test(start_paused = true)]
async fn nor_between_the_answer_and_the_look_at_it() -> Result<()> {
    for biased_to_b in [false, true] {
        let [a, b, c]: [Node; 3] = Node::start_many(false).await?;
        let (answering, answered) = oneshot::channel();
        let (report, reported) = oneshot::channel();
        let back = a.visit(nothing());
        let to_b = b.visit(first(async move {
            // Woken before A is: C says so first, and answers then.
            let _ = answered.await;
            let _ = report.send(back.await);
        }));
        let to_c = c.visit(first(async move {
            tokio::task::yield_now().await;
            let _ = answering.send(());
        }));
        let race: Work = Box::pin(async move {
            if biased_to_b {
                tokio::select! { biased; answer = to_b => answer, answer = to_c => answer }
            } else {
                tokio::select! { biased; answer = to_c => answer, answer = to_b => answer }
            }
        });
        let won = a.run(race).await?.innermost()?;
        assert_eq!(won.pid, c.pid(), "biased to b: {biased_to_b}");
        reported.await?.expect("b called back")?;
    }
    Ok(())
}

/// A waits for B and C; B calls A back; C answers: now A waits for B alone, which is a circle.
#[tokio::test(start_paused = true)]
async fn the_last_of_several_calls_is_waited_for_alone() -> Result<()> {
    let [a, b, c]: [Node; 3] = Node::start_many(false).await?;
    let (go, told) = oneshot::channel();
    let (back, to_c) = (a.visit(nothing()), c.visit(when(told)));
    let to_b = b.visit(back);
    let both: Work = Box::pin(async move {
        let (from_b, from_c) = tokio::join!(to_b, to_c);
        assert!(matches!(from_c, Some(Ok(_))), "{from_c:?}");
        from_b
    });
    let waiting = tokio::spawn({
        let a = a.clone();
        async move { a.run(both).await }
    });
    sleep(ms(10)).await;
    assert!(!waiting.is_finished());
    let began = Instant::now();
    go.send(()).expect("it waits");
    let answer = waiting.await??.innermost();
    assert!(matches!(answer, Err(CallError::Deadlock(_))), "{answer:?}");
    assert_eq!(began.elapsed(), Duration::ZERO);
    Ok(())
}

/// The same with `multi_call`.
#[tokio::test(start_paused = true)]
async fn the_last_of_a_multi_call_is_waited_for_alone() -> Result<()> {
    let (a, b, c) = (
        Queued.start().await?,
        Queued.start().await?,
        Queued.start().await?,
    );
    let (go, told) = oneshot::channel();
    let me = a.clone();
    let (report, reported) = oneshot::channel();
    let to_c = when(told);
    let both: Work = first(async move {
        let back: Work = Box::pin(async move { Some(me.visit(nothing()).await) });
        let calls = [b.visit(back), c.visit(to_c)];
        let _ = report.send(noex::multi_call(ms(5000), calls).await);
    });
    let waiting = a.visit(both).send()?;
    sleep(ms(10)).await;
    let began = Instant::now();
    go.send(()).expect("it waits");
    waiting.await?;
    assert_eq!(began.elapsed(), Duration::ZERO);
    let answers: Vec<Answer> = reported.await?;
    assert!(
        matches!(answers[..], [Err(CallError::Deadlock(_)), Ok(_)]),
        "{answers:?}"
    );
    Ok(())
}

/// Looks at a call for a moment, and keeps it for later.
#[derive(Default)]
struct Keeper {
    pending: Option<noex::Pending<u32>>,
}

#[gen_server(inline = never)]
impl Keeper {
    #[call]
    async fn begin(&mut self, slow: SlowRef, cx: &mut Ctx<Self>) {
        let mut pending = slow.ask(cx.myself()).send().or_crash();
        assert!(timeout(ms(10), &mut pending).await.is_err());
        self.pending = Some(pending);
    }

    #[call]
    async fn finish(&mut self) -> u32 {
        let pending = self.pending.take().expect("begun");
        pending.await.or_crash()
    }

    #[call]
    fn ping(&self) -> u32 {
        1
    }

    /// Waits for a call that it has looked at before, while that calls back.
    #[call(raw)]
    async fn finish_in_a_circle(&mut self) -> std::result::Result<u32, CallError> {
        self.pending.take().expect("begun").await
    }
}

struct Slow;

#[gen_server(inline = never)]
impl Slow {
    #[call]
    async fn ask(&mut self, back: KeeperRef) -> u32 {
        sleep(ms(50)).await;
        back.ping().await.or_crash() + 1
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_kept_for_later_is_no_edge() -> Result<()> {
    let (keeper, slow) = (Keeper::default().start().await?, Slow.start().await?);
    keeper.begin(slow.clone()).await?;
    sleep(ms(100)).await;
    // The call back came between the two handlers, when nobody waited.
    assert_eq!(keeper.finish().await?, 2);
    assert!(slow.is_alive());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_call_taken_up_again_is_an_edge_again() -> Result<()> {
    let (keeper, slow) = (Keeper::default().start().await?, Slow.start().await?);
    let began = Instant::now();
    keeper.begin(slow.clone()).await?;
    // Taken up before it calls back: the call back closes the circle, and crashes its server.
    let taken_up = keeper.finish_in_a_circle().await?;
    let Err(CallError::Exited(reason)) = taken_up else {
        panic!("{taken_up:?}");
    };
    let found = reason.downcast_ref::<CallError>();
    assert!(matches!(found, Some(CallError::Deadlock(_))), "{reason:?}");
    assert!(began.elapsed() < ms(60));
    Ok(())
}
