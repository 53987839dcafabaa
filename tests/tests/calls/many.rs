//! Several calls at once.

use noex::PendingSet;
use noex::prelude::*;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Answers when it is time.
struct Worker {
    takes: Duration,
}

#[gen_server]
impl Worker {
    #[call]
    async fn work(&mut self, n: u64) -> u64 {
        sleep(self.takes).await;
        n
    }

    #[call]
    async fn when(&mut self, go: oneshot::Receiver<u64>) -> u64 {
        go.await.or_crash()
    }

    #[call(deferred)]
    fn park(&mut self, tokens: std::sync::mpsc::Sender<Reply<u64>>, reply: Reply<u64>) {
        tokens.send(reply).or_crash();
    }
}

async fn workers<const N: usize>(takes: [u64; N]) -> Result<Vec<WorkerRef>> {
    let mut workers = vec![];
    for millis in takes {
        workers.push(Worker { takes: ms(millis) }.start().await?);
    }
    Ok(workers)
}

#[tokio::test(start_paused = true)]
async fn ca_21_pending_calls_answer_as_they_complete() -> Result<()> {
    let mut set = PendingSet::new();
    assert!(set.is_empty());
    assert_eq!(set.next().await, None, "an empty set says so");
    let takes = [50, 20, 90, 10, 70, 30, 100, 40, 60, 80];
    let began = Instant::now();
    let workers = workers(takes).await?;
    for (worker, millis) in workers.iter().zip(takes) {
        set.insert(format!("takes {millis}"), worker.work(millis).send()?);
    }
    for tenth in 1..=10 {
        assert_eq!(set.len(), 11 - tenth as usize);
        // Waiting with a limit takes nothing out.
        assert!(timeout(ms(1), set.next()).await.is_err());
        let (label, answer) = set.next().await.ok_or("ten were put in")?;
        assert_eq!(
            (label, answer),
            (format!("takes {}", tenth * 10), Ok(tenth * 10))
        );
        let took = began.elapsed();
        assert!(
            took >= ms(tenth * 10) && took < ms(tenth * 10 + 5),
            "{took:?}"
        );
    }
    assert_eq!(set.next().await, None);
    Ok(())
}

/// Also when nobody looks before all have answered.
#[tokio::test]
async fn ca_21_pending_calls_that_answered_unseen_keep_their_order() -> Result<()> {
    let workers = workers([0; 5]).await?;
    let mut set = PendingSet::new();
    let mut gates = vec![];
    for worker in &workers {
        let (gate, go) = oneshot::channel();
        set.insert((), worker.when(go).send()?);
        gates.push(Some(gate));
    }
    let order = [3, 0, 4, 1, 2];
    for at in order {
        let gate = gates[at].take().ok_or("once each")?;
        gate.send(at as u64).map_err(|_| "it waits")?;
        while workers[at].handled() == 0 {
            tokio::task::yield_now().await;
        }
    }
    for at in order {
        assert_eq!(set.next().await, Some(((), Ok(at as u64))));
    }
    Ok(())
}

/// A failure is an answer: a death, also of a server whose token is elsewhere, and a deadline.
#[tokio::test(start_paused = true)]
async fn ca_21_pending_calls_fail_each_in_its_own_way() -> Result<()> {
    let workers = workers([60_000; 4]).await?;
    let (tokens, parked) = std::sync::mpsc::channel();
    let mut set = PendingSet::new();
    set.insert("late", workers[0].work(0).timeout(ms(300)).send()?);
    set.insert("parked", workers[1].park(tokens).send()?);
    set.insert("killed", workers[2].work(2).send()?);
    assert!(timeout(ms(10), set.next()).await.is_err());
    let killed = Err(CallError::Exited(ExitReason::Killed));
    workers[2].kill();
    assert_eq!(set.next().await, Some(("killed", killed.clone())));
    let _token = parked.recv()?;
    workers[1].kill();
    assert_eq!(set.next().await, Some(("parked", killed)));
    let late = Err(CallError::Timeout { after: ms(300) });
    assert_eq!(set.next().await, Some(("late", late)));
    assert_eq!(set.next().await, None);
    // Those that nobody waits for any more are withdrawn.
    let busy = workers[3].work(3).send()?;
    set.insert("dropped", workers[3].work(4).send()?);
    drop(set);
    assert!(busy.await.is_err());
    workers[3].work(5).timeout(Duration::MAX).await?;
    assert_eq!(workers[3].skipped(), 1);
    Ok(())
}

#[noex::test(workers = 2)]
async fn ca_21_every_pending_call_answers_once() -> Result<()> {
    let workers = workers([0; 10]).await?;
    for round in 0..2_000 {
        let mut set = PendingSet::new();
        let mut gates = vec![];
        for (at, worker) in workers.iter().enumerate() {
            let (gate, go) = oneshot::channel();
            set.insert(at, worker.when(go).send()?);
            gates.push(gate);
        }
        let opener = tokio::spawn(async move {
            for (at, gate) in gates.into_iter().enumerate() {
                let _ = gate.send(round + at as u64);
            }
        });
        let mut seen = [false; 10];
        while let Some((at, answer)) = set.next().await {
            assert_eq!(answer, Ok(round + at as u64));
            assert!(!std::mem::replace(&mut seen[at], true));
        }
        assert_eq!(seen, [true; 10]);
        opener.await?;
    }
    System::current().stop().await;
    Ok(())
}

/// More answers than tokio lets a future take in one poll, where that is not a task: there it is woken at once, not later.
#[noex::test(workers = 2)]
async fn ca_21_pending_calls_outlast_the_budget() -> Result<()> {
    let workers = workers([0]).await?;
    let mut set = PendingSet::new();
    for n in 0..1_000 {
        set.insert(n, workers[0].work(n).send()?);
    }
    workers[0].work(0).await?;
    for n in 0..1_000 {
        assert_eq!(set.next().await, Some((n, Ok(n))));
    }
    assert_eq!(set.next().await, None);
    System::current().stop().await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_23_calling_many_is_bounded_by_one_timeout() -> Result<()> {
    let workers = workers([10, 20, 60_000, 30, 10]).await?;
    workers[1].stop().await?;
    let began = Instant::now();
    let calls = workers.iter().zip(0..).map(|(worker, n)| worker.work(n));
    let answers = noex::multi_call(ms(200), calls).await;
    let late = Err(CallError::Timeout { after: ms(200) });
    let dead = Err(CallError::NotRunning);
    assert_eq!(answers, [Ok(0), dead, late, Ok(3), Ok(4)]);
    let took = began.elapsed();
    assert!(took >= ms(200) && took < ms(205), "{took:?}");
    let nobody = workers[..0].iter().map(|worker| worker.work(0));
    assert_eq!(noex::multi_call(ms(200), nobody).await, []);
    Ok(())
}

/// More than tokio lets a task poll in one go, a full mailbox, and a death half-way.
#[tokio::test(start_paused = true)]
async fn ca_23_calling_very_many_has_the_same_limit() -> Result<()> {
    let workers = workers([10; 1]).await?;
    let began = Instant::now();
    let calls = (0..2_000).map(|n| workers[0].work(n));
    let answers = noex::multi_call(ms(105), calls).await;
    let took = began.elapsed();
    assert!(took >= ms(105) && took < ms(110), "{took:?}");
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((9..=10).contains(&answered), "{answered}");
    let waited = ms(105);
    assert_eq!(answers.last(), Some(&Err(CallError::Full { waited })));
    let late = Err(CallError::Timeout { after: waited });
    assert_eq!(answers.get(answered), Some(&late));
    Ok(())
}
