//! Deadlines and request ids go down with nested calls.

use crate::node::{Inlined, MODES, Node, Result, Seen, first, nothing};
use noex::prelude::*;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// How far away the deadline was for each of the handlers, from the outermost in.
fn limits(seen: Seen, began: Instant) -> Vec<Duration> {
    let mut limits = vec![];
    let mut next = Some(Ok(seen));
    while let Some(Ok(seen)) = next {
        let deadline = seen.deadline.expect("every call has one here");
        limits.push(deadline - began);
        next = seen.nested.map(|nested| *nested);
    }
    limits
}

#[tokio::test(start_paused = true)]
async fn nested_calls_only_shorten_the_deadline() -> Result<()> {
    for inline in MODES {
        let [a, b, c, d] = Node::start_many(inline).await?;
        let began = Instant::now();
        // The default of five seconds, 100 ms, a minute.
        let work = b.visit(c.visit_within(ms(100), d.visit_within(ms(60_000), nothing())));
        let seen = a.run_within(ms(300), work).await?;
        assert_eq!(limits(seen, began), [300, 300, 100, 100].map(ms));

        let unlimited = a.run_within(Duration::MAX, b.visit(nothing())).await?;
        assert_eq!(unlimited.deadline, None);
        let nested = *unlimited.nested.expect("b was called");
        assert_eq!(nested?.deadline, Some(Instant::now() + ms(5000)));
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_nested_call_ends_with_the_deadline_of_the_outer_one() -> Result<()> {
    for inline in MODES {
        let [a, b] = Node::start_many(inline).await?;
        let (report, reported) = oneshot::channel();
        let began = Instant::now();
        let nested = b.visit(first(std::future::pending()));
        let work = first(async move {
            let late = nested
                .await
                .expect("b was called")
                .expect_err("it is stuck");
            let _ = report.send((late, Instant::now() - began));
        });
        // Both deadlines pass at once: the outer call may just be answered.
        let _ = a.run_within(ms(300), work).await;
        let (late, took) = reported.await?;
        assert!(matches!(late, CallError::Timeout { .. }), "{late:?}");
        assert!(took >= ms(300) && took < ms(305), "{took:?}");
    }
    Ok(())
}

/// The time that a nested call was given is what its error tells.
#[tokio::test(start_paused = true)]
async fn a_timeout_tells_how_long_was_really_waited() -> Result<()> {
    for inline in MODES {
        let [a, b] = Node::start_many(inline).await?;
        let (report, reported) = oneshot::channel();
        let stuck = b.visit(first(std::future::pending()));
        let work = first(async move {
            sleep(ms(100)).await;
            let _ = report.send(stuck.await);
        });
        let _ = a.run_within(ms(300), work).await;
        let late = reported.await?.expect("b was called");
        let Err(CallError::Timeout { after }) = late else {
            panic!("{late:?}");
        };
        assert!(after <= ms(200) && after > ms(190), "{after:?}");
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_gone_with_its_call() -> Result<()> {
    for inline in MODES {
        let [a, b] = Node::start_many(inline).await?;
        a.run_within(ms(10), nothing()).await?;
        sleep(ms(20)).await;
        // A cast has no deadline to pass on.
        let (report, reported) = oneshot::channel();
        let nested = b.visit(nothing());
        a.cast(first(async move {
            let _ = report.send(nested.await);
        }));
        let nested = reported.await?.expect("b was called")?;
        assert_eq!(nested.deadline, Some(Instant::now() + ms(5000)));
        assert_ne!(nested.request, 0);
    }
    Ok(())
}

#[tokio::test]
async fn one_request_id_follows_a_request() -> Result<()> {
    for inline in MODES {
        let [a, b, c] = Node::start_many(inline).await?;
        let mut requests = vec![];
        for _ in 0..3 {
            let work = b.visit(first(tokio::task::yield_now()));
            let outer = a.run(c.visit(work)).await?;
            let request = outer.request;
            assert_eq!(outer.innermost()?.request, request);
            requests.push(request);
        }
        requests.push(0);
        requests.sort_unstable();
        requests.dedup();
        assert_eq!(
            requests.len(),
            4,
            "each request has its own, and it is not 0"
        );
    }
    Ok(())
}

/// Deeper than stacks are nested: then calls are queued.
#[tokio::test]
async fn the_context_reaches_the_end_of_a_long_chain() -> Result<()> {
    for inline in MODES {
        let nodes: [Node; 100] = Node::start_many(inline).await?;
        for _ in 0..10 {
            let mut work = nothing();
            for node in nodes[1..].iter().rev() {
                work = node.visit(work);
            }
            let seen = nodes[0].run(work).await?;
            let (request, deadline) = (seen.request, seen.deadline);
            let last = seen.innermost()?;
            assert_eq!(last.pid, nodes[99].pid());
            assert_eq!((last.request, last.deadline), (request, deadline));
        }
    }
    Ok(())
}

/// Calls another server when it ends.
struct Dying {
    other: crate::node::InlinedRef,
    report: Option<oneshot::Sender<Option<CallError>>>,
}

#[gen_server]
impl Dying {
    #[call]
    async fn panic_late(&mut self) {
        sleep(ms(20)).await;
        panic!("too late for its caller");
    }

    #[terminate]
    async fn bye(&mut self) {
        let answer = self.other.visit(nothing()).await;
        if let Some(report) = self.report.take() {
            let _ = report.send(answer.err());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminate_is_not_bound_by_the_call_that_failed() -> Result<()> {
    let other = Inlined.start().await?;
    let (report, reported) = oneshot::channel();
    let dying = Dying {
        other: other.clone(),
        report: Some(report),
    };
    let dying = dying.start().await?;
    // So that its own deadline counts, and is over.
    let busy = other.visit(first(sleep(ms(50)))).send()?;
    let late = dying.panic_late().timeout(ms(10)).await;
    assert_eq!(late, Err(CallError::Timeout { after: ms(10) }));
    assert_eq!(reported.await?, None);
    busy.await?;
    Ok(())
}

/// A spawned handler is a handler.
struct Front {
    back: crate::node::InlinedRef,
}

#[gen_server]
impl Front {
    #[call(spawn)]
    fn ask(&self) -> impl Future<Output = std::result::Result<Seen, CallError>> + Send + 'static {
        let back = self.back.clone();
        async move {
            tokio::task::yield_now().await;
            back.visit(nothing()).await
        }
    }
}

struct Asker(FrontRef);

#[gen_server]
impl Asker {
    #[call]
    async fn ask(&mut self, cx: &mut Ctx<Self>) -> (u64, Option<Seen>) {
        (cx.request_id(), self.0.ask().await.ok())
    }
}

#[tokio::test(start_paused = true)]
async fn a_spawned_handler_keeps_the_context() -> Result<()> {
    let back = Inlined.start().await?;
    let front = Front { back }.start().await?;
    let asker = Asker(front).start().await?;
    let began = Instant::now();
    let (request, seen) = asker.ask().timeout(ms(300)).await?;
    let seen = seen.expect("it was asked in time");
    assert_eq!(seen.request, request);
    assert_eq!(seen.deadline, Some(began + ms(300)));
    Ok(())
}
