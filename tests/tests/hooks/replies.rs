//! Every call has exactly one outcome.

use super::scenario::{Flag, ROUNDS, look_for, poll_once, scenario, within};
use noex::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use tokio::sync::Barrier;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// How many there have been, and how many have been dropped.
#[derive(Clone, Default)]
struct Tally(Arc<[AtomicU64; 2]>);

impl Tally {
    fn made(&self) -> u64 {
        self.0[0].load(SeqCst)
    }

    fn dropped(&self) -> u64 {
        self.0[1].load(SeqCst)
    }
}

struct Counted(Tally);

impl Counted {
    fn new(tally: Tally) -> Self {
        tally.0[0].fetch_add(1, SeqCst);
        Counted(tally)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0[1].fetch_add(1, SeqCst);
    }
}

#[derive(Default)]
struct Answerer {
    tally: Tally,
    kept: Option<Reply<u64>>,
}

#[gen_server(inline = never)]
impl Answerer {
    #[init]
    fn new(tally: Tally) -> Self {
        Self { tally, kept: None }
    }

    #[call]
    fn double(&self, n: u64) -> u64 {
        2 * n
    }

    #[call]
    fn make(&self) -> Counted {
        Counted::new(self.tally.clone())
    }

    /// Gives the token away.
    #[call(deferred)]
    fn give_away(&self, to: UnboundedSender<Reply<u64>>, reply: Reply<u64>) {
        let _ = to.send(reply);
    }

    /// Keeps the token for its last message.
    #[call(deferred)]
    fn keep(&mut self, is_kept: Flag, reply: Reply<u64>) {
        self.kept = Some(reply);
        is_kept.raise();
    }

    #[cast]
    fn answer_and_end(&mut self, cx: &mut Ctx<Self>) {
        if let Some(reply) = self.kept.take() {
            reply.send(7);
        }
        cx.stop(ExitReason::Normal);
    }
}

async fn answerer() -> AnswererRef {
    let answerer = Answerer::start(Tally::default()).await;
    answerer.expect("nothing hinders it")
}

#[test]
fn every_call_is_answered() {
    scenario(async {
        let answerer = answerer().await;
        let callers = [(); 4].map(|()| {
            let answerer = answerer.clone();
            tokio::spawn(async move {
                for n in 0..2 * ROUNDS {
                    let answer = within("an answer", answerer.double(n)).await;
                    assert_eq!(answer, Ok(2 * n));
                }
            })
        });
        for caller in callers {
            caller.await.expect("it is answered");
        }
        answerer.stop().await.expect("it ran");
    });
}

#[test]
fn an_answer_that_nobody_takes_is_dropped() {
    scenario(async {
        let tally = Tally::default();
        let answerer = Answerer::start(tally.clone()).await.expect("it starts");
        for n in 0..ROUNDS {
            let call = answerer.make().send().expect("it runs");
            // Its caller waits, and leaves when the answer is on its way.
            let caller = async {
                look_for("the handler", || tally.made() > n).await;
            };
            tokio::select! {
                biased;
                () = caller => {}
                made = call => drop(made),
            }
        }
        answerer.stop().await.expect("it ran");
        assert_eq!((tally.made(), tally.dropped()), (ROUNDS, ROUNDS));
    });
}

#[test]
fn a_token_outlives_its_server_in_vain() {
    scenario(async {
        for _ in 0..ROUNDS {
            let answerer = answerer().await;
            let (give, mut given) = unbounded_channel();
            let caller = answerer.clone();
            let call = tokio::spawn(async move { caller.give_away(give).await });
            let token = within("the token", given.recv()).await;
            answerer.kill();
            let outcome = within("the outcome", call).await.expect("it is called");
            assert_eq!(outcome, Err(CallError::Exited(ExitReason::Killed)));
            drop(token);
        }
    });
}

#[test]
fn an_answer_before_the_end_counts() {
    scenario(async {
        for _ in 0..ROUNDS {
            let answerer = answerer().await;
            let is_kept = Flag::default();
            let call = answerer.keep(is_kept.clone()).send().expect("it runs");
            look_for("the handler", || is_kept.is_up()).await;
            let ends = answerer.clone();
            let ends = tokio::spawn(async move { ends.answer_and_end() });
            let answer = within("the answer", call).await;
            assert_eq!(answer, Ok(7));
            within("its end", answerer.exited()).await;
            ends.await.expect("nothing panics here").expect("it ran");
        }
    });
}

/// What a handler does.
type Work = Pin<Box<dyn Future<Output = Result<(), CallError>> + Send>>;

struct Node;

#[gen_server(inline = never)]
impl Node {
    #[init]
    fn new() -> Self {
        Self
    }

    #[call]
    async fn run(&self, work: Work) -> Result<(), CallError> {
        work.await
    }

    #[call]
    fn ping(&self) {}
}

async fn node() -> NodeRef {
    Node::start().await.expect("nothing hinders it")
}

fn is_deadlock(outcome: &Result<(), CallError<CallError>>) -> bool {
    matches!(outcome, Err(CallError::Failed(CallError::Deadlock(_))))
}

async fn stop(nodes: impl IntoIterator<Item = NodeRef>) {
    for node in nodes {
        node.stop().await.expect("it ran");
    }
}

#[test]
fn crossed_calls_are_found() {
    scenario(async {
        let (a, b) = (node().await, node().await);
        for _ in 0..ROUNDS {
            let meet = Arc::new(Barrier::new(2));
            let crossed = [(&a, &b), (&b, &a)].map(|(from, to)| {
                let (from, to, meet) = (from.clone(), to.clone(), meet.clone());
                tokio::spawn(async move {
                    let work = async move {
                        meet.wait().await;
                        to.ping().await
                    };
                    from.run(Box::pin(work)).await
                })
            });
            let mut found = false;
            for outcome in crossed {
                let outcome = within("the circle", outcome).await.expect("it is called");
                found |= is_deadlock(&outcome);
            }
            assert!(found, "neither was told");
        }
        stop([a, b]).await;
    });
}

#[test]
fn a_circle_behind_an_answer_is_found() {
    scenario(async {
        let (p, q, r) = (node().await, node().await, node().await);
        for _ in 0..ROUNDS {
            let (back, first, second) = (p.clone(), q.clone(), r.clone());
            let work = async move {
                first.ping().await?;
                let back: Work = Box::pin(async move { back.ping().await });
                match second.run(back).await {
                    Err(CallError::Failed(circle)) => Err(circle),
                    Err(CallError::Deadlock(circle)) => Err(CallError::Deadlock(circle)),
                    other => panic!("{other:?}"),
                }
            };
            let outcome = within("the circle", p.run(Box::pin(work))).await;
            assert!(is_deadlock(&outcome), "{outcome:?}");
        }
        stop([p, q, r]).await;
    });
}

/// Withdrawn when its caller has looked once.
#[test]
fn withdrawn_calls_leave_nothing_behind() {
    scenario(async {
        let tally = Tally::default();
        let answerer = Answerer::start(tally.clone()).await.expect("it starts");
        for _ in 0..4 * ROUNDS {
            drop(poll_once(answerer.make()).await);
        }
        answerer.stop().await.expect("it ran");
        assert_eq!(tally.made(), tally.dropped());
    });
}
