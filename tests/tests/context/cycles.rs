//! Circles of calls are found at once, with every hop, and none is invented.

use crate::node::{Answer, MODES, Node, Queued, QueuedRef, Result, Seen, first, nothing};
use noex::prelude::*;
use noex::{Cycle, Pid};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Barrier, oneshot};
use tokio::time::{Instant, sleep};

/// The circle, from its smallest pid on, without the repetition.
fn circle(cycle: &Cycle) -> Vec<Pid> {
    let mut pids: Vec<_> = cycle.hops().iter().map(|hop| hop.pid).collect();
    assert_eq!(pids.first(), pids.last(), "from a process back to it");
    pids.pop();
    let smallest = pids.iter().enumerate().min_by_key(|(_, pid)| **pid);
    let at = smallest.map_or(0, |(at, _)| at);
    pids.rotate_left(at);
    pids
}

fn deadlock(answer: Answer) -> Cycle {
    match answer {
        Err(CallError::Deadlock(cycle)) => cycle,
        other => panic!("{other:?}"),
    }
}

/// Work that notes what its call brings, however its caller ends.
fn noting(work: crate::node::Work) -> (crate::node::Work, oneshot::Receiver<Option<Answer>>) {
    let (report, reported) = oneshot::channel();
    let work = first(async move {
        let _ = report.send(work.await);
    });
    (work, reported)
}

#[tokio::test(start_paused = true)]
async fn a_call_back_is_a_deadlock_with_both_hops() -> Result<()> {
    for inline in MODES {
        let system = System::new();
        let a = Node::start_as(&system, "ann", inline).await?;
        let b = Node::start_as(&system, "bob", inline).await?;
        let began = Instant::now();
        let (back, back_brought) = noting(a.visit(nothing()));
        let (there, there_brought) = noting(b.visit(back));
        a.run(there).await?;
        let brought = [there_brought.await?, back_brought.await?];
        assert_eq!(began.elapsed(), Duration::ZERO);
        // Whoever closed the circle was told; the other call was answered.
        let brought = brought.map(|answer| answer.expect("a call was made"));
        let found: Vec<_> = brought
            .into_iter()
            .filter(Answer::is_err)
            .map(deadlock)
            .collect();
        let [cycle] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(circle(cycle), [a.pid(), b.pid()]);
        let mut names: Vec<_> = cycle.hops()[1..]
            .iter()
            .map(|hop| hop.name.clone())
            .collect();
        names.sort();
        assert_eq!(names, [Some("ann".into()), Some("bob".into())]);
        let text = CallError::<()>::Deadlock(cycle.clone());
        let text = format!("{}", text.into_failed().expect_err("it is no answer"));
        assert!(
            text.contains("\"ann\" -> ") && text.contains("\"bob\""),
            "{text}"
        );
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn longer_circles_are_found() -> Result<()> {
    circles_of::<3>().await?;
    circles_of::<10>().await?;
    circles_of::<60>().await
}

async fn circles_of<const N: usize>() -> Result<()> {
    for inline in MODES {
        let nodes: [Node; N] = Node::start_many(inline).await?;
        let began = Instant::now();
        let (last, last_brought) = noting(nodes[0].visit(nothing()));
        let (mut work, mut brought) = (last, vec![last_brought]);
        for node in nodes[1..].iter().rev() {
            let (outer, outer_brought) = noting(node.visit(work));
            (work, _) = (outer, brought.push(outer_brought));
        }
        nodes[0].run(work).await?;
        assert_eq!(began.elapsed(), Duration::ZERO);
        let mut found = vec![];
        for brought in brought {
            if let Some(Err(error)) = brought.await? {
                found.push(deadlock(Err(error)));
            }
        }
        let [cycle] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(circle(cycle), nodes.each_ref().map(Node::pid));
    }
    Ok(())
}

/// Makes the nodes call each other in a circle at the same time, each for a caller of its own.
async fn call_at_once(nodes: &[Node]) -> Vec<Answer> {
    let all_are_busy = Arc::new(Barrier::new(nodes.len()));
    let mut calls = vec![];
    for (node, next) in nodes.iter().zip(nodes.iter().cycle().skip(1)) {
        let (all_are_busy, next) = (all_are_busy.clone(), next.visit(nothing()));
        let work = Box::pin(async move {
            all_are_busy.wait().await;
            next.await
        });
        let node = node.clone();
        let limit = Duration::from_secs(60);
        calls.push(tokio::spawn(
            async move { node.run_within(limit, work).await },
        ));
    }
    let mut nested = vec![];
    for call in calls {
        let seen = call
            .await
            .expect("no panic")
            .expect("the outer call is answered");
        nested.push(*seen.nested.expect("a nested call was made"));
    }
    nested
}

/// No chain of one request leads from a node to itself here.
#[tokio::test(start_paused = true)]
async fn a_circle_of_different_requests_is_found() -> Result<()> {
    let began = Instant::now();
    for inline in MODES {
        let nodes: [Node; 2] = Node::start_many(inline).await?;
        let brought = call_at_once(&nodes).await;
        let (found, answered): (Vec<_>, Vec<_>) = brought.into_iter().partition(Answer::is_err);
        assert_eq!((found.len(), answered.len()), (1, 1));
        for answer in found {
            assert_eq!(circle(&deadlock(answer)), nodes.each_ref().map(Node::pid));
        }
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
    Ok(())
}

#[noex::test(workers = 2)]
async fn a_circle_closed_from_all_sides_at_once_is_found() -> Result<()> {
    for inline in MODES {
        let nodes: [Node; 3] = Node::start_many(inline).await?;
        let pids = nodes.each_ref().map(Node::pid);
        for nodes in [&nodes[..2], &nodes[..]] {
            for _ in 0..5_000 {
                let brought = call_at_once(nodes).await;
                let found: Vec<_> = brought
                    .into_iter()
                    .filter(Answer::is_err)
                    .map(deadlock)
                    .collect();
                assert!(!found.is_empty(), "nobody waited for a deadline");
                for cycle in found {
                    assert_eq!(circle(&cycle), pids[..nodes.len()]);
                }
            }
        }
    }
    System::current().stop().await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_sent_and_left_is_no_edge() -> Result<()> {
    let (a, b) = (Queued.start().await?, Queued.start().await?);
    let other = a.clone();
    let back = Box::pin(async move { Some(other.visit(nothing()).await) });
    let (sent, sending) = oneshot::channel();
    let to = b.clone();
    let work = first(async move {
        let _ = sent.send(to.visit(back).send());
    });
    a.visit(work).await?;
    let seen = sending.await??.await?;
    assert_eq!(seen.innermost()?.pid, a.pid().expect("it runs"));
    Ok(())
}

/// Answers, and calls whoever asked as the next step.
struct Echo;

#[gen_server(inline = never)]
impl Echo {
    #[call]
    fn ask(&mut self, asker: QueuedRef, report: Report, cx: &mut Ctx<Self>) -> u32 {
        cx.continue_with(EchoContinue::CallBack { asker, report });
        1
    }

    #[continuation]
    async fn call_back(&mut self, asker: QueuedRef, report: Report) {
        let _ = report.send(asker.visit(nothing()).await);
    }
}

type Report = oneshot::Sender<std::result::Result<Seen, CallError>>;

/// The answer is on its way to A, which has not looked yet, when B calls A: that is no circle.
#[noex::test(workers = 2)]
async fn an_answered_call_is_no_edge_even_before_its_caller_looks() -> Result<()> {
    let (a, b) = (Queued.start().await?, Echo.start().await?);
    for _ in 0..20_000 {
        let (report, reported) = oneshot::channel();
        let (to, me) = (b.clone(), a.clone());
        let work = first(async move {
            assert_eq!(to.ask(me, report).await, Ok(1));
        });
        a.visit(work).await?;
        reported.await??;
    }
    System::current().stop().await;
    Ok(())
}

/// Lets a third party answer.
struct Desk(std::sync::mpsc::Sender<Reply<u32>>);

#[gen_server(inline = never)]
impl Desk {
    #[call(deferred)]
    fn ask(&mut self, reply: Reply<u32>) {
        self.0.send(reply).or_crash();
    }

    #[call]
    async fn call(&mut self, node: QueuedRef) -> Seen {
        node.visit(nothing()).await.or_crash()
    }
}

/// A server that has given its token away is not what its caller waits for.
#[tokio::test(start_paused = true)]
async fn a_parked_call_is_no_edge() -> Result<()> {
    let (tokens, parked) = std::sync::mpsc::channel();
    let (a, desk) = (Queued.start().await?, Desk(tokens).start().await?);
    let (asked, to) = (Arc::new(Barrier::new(2)), desk.clone());
    let work = first(async move {
        assert_eq!(to.ask().await, Ok(3));
    });
    let asking = a.visit(work).send()?;
    let token = loop {
        match parked.try_recv() {
            Ok(token) => break token,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    drop(asked);
    let calling = desk.call(a.clone()).send()?;
    sleep(Duration::from_millis(10)).await;
    token.send(3);
    asking.await?;
    calling.await?;
    Ok(())
}

/// What is called inline leaves its caller's identity as it was.
#[tokio::test(start_paused = true)]
async fn nested_inline_calls_know_whose_they_are() -> Result<()> {
    let [a, b, c] = Node::start_many(true).await?;
    for _ in 0..3 {
        let there = [
            b.visit(c.visit(nothing())),
            b.visit(first(tokio::task::yield_now())),
        ];
        for there in there {
            let oneself = a.visit(nothing());
            let work = Box::pin(async move {
                there.await.expect("b was called").expect("it answers");
                oneself.await
            });
            let seen = a.run(work).await?;
            let cycle = deadlock(*seen.nested.expect("a called itself"));
            assert_eq!(circle(&cycle), [a.pid()]);
        }
    }
    Ok(())
}
