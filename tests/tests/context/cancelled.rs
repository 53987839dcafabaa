//! A call that nobody waits for is not begun, unless it is wanted all the same.

use crate::node::{MODES, Node, Queued, Result, first, nothing};
use noex::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A mark that work was done.
#[derive(Clone, Default)]
struct Mark(Arc<AtomicBool>);

impl Mark {
    fn work(&self) -> crate::node::Work {
        let mark = self.0.clone();
        first(async move { mark.store(true, SeqCst) })
    }

    fn is_set(&self) -> bool {
        self.0.load(SeqCst)
    }
}

fn skipped(node: &Node) -> u32 {
    match node {
        Node::Queued(node) => node.skipped(),
        Node::Inlined(node) => node.skipped(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_nested_call_is_skipped_when_the_outer_deadline_has_passed() -> Result<()> {
    for inline in MODES {
        let [a, b] = Node::start_many(inline).await?;
        let mark = Mark::default();
        b.cast(first(sleep(ms(100))));
        let late = a.run_within(ms(50), b.visit(mark.work())).await;
        let late = late.and_then(crate::node::Seen::innermost);
        assert!(matches!(late, Err(CallError::Timeout { .. })), "{late:?}");
        b.run(nothing()).await?;
        assert!(!mark.is_set());
        assert_eq!(skipped(&b), 1);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_nested_call_is_skipped_when_its_caller_was_killed() -> Result<()> {
    for inline in MODES {
        let b = Node::start(inline).await?;
        let a = Queued.start().await?;
        let mark = Mark::default();
        b.cast(first(sleep(ms(100))));
        let pending = a.visit(b.visit(mark.work())).send()?;
        sleep(ms(10)).await;
        a.kill();
        assert!(pending.await.is_err());
        b.run(nothing()).await?;
        assert!(!mark.is_set());
        assert_eq!(skipped(&b), 1);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_room_leaves_nothing_behind() -> Result<()> {
    let tight = Tight.start().await?;
    let busy = tight.wait(100).send()?;
    tokio::task::yield_now().await;
    let queued = tight.wait(0).send()?;
    let full = CallError::Full { waited: ms(20) };
    assert_eq!(tight.wait(0).timeout(ms(20)).await, Err(full));
    assert!(timeout(ms(20), tight.wait(0)).await.is_err());
    // A nested one waits no longer than the outer one.
    let caller = Queued.start().await?;
    let (report, reported) = oneshot::channel();
    let nested = tight.clone();
    let work = first(async move {
        let _ = report.send(nested.wait(0).await);
    });
    let _ = caller.visit(work).timeout(ms(20)).await;
    let refused = reported.await?;
    assert!(
        matches!(refused, Err(CallError::Full { .. })),
        "{refused:?}"
    );
    assert!(!busy_is_over(&tight));
    busy.await?;
    queued.await?;
    tight.wait(0).await?;
    assert_eq!((tight.handled(), tight.skipped()), (3, 0));
    Ok(())
}

fn busy_is_over(tight: &TightRef) -> bool {
    tight.handled() > 0
}

struct Tight;

#[gen_server(mailbox = 1)]
impl Tight {
    #[call]
    async fn wait(&mut self, millis: u64) {
        sleep(ms(millis)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_wanted_all_the_same_are_begun() -> Result<()> {
    let node = Queued.start().await?;
    let nested = Node::start(false).await?;
    let marks = [(); 3].map(|()| Mark::default());
    node.be_busy(first(sleep(ms(100))))?;
    // Detached with a deadline that passes in the queue, by a handler with one, and `always`.
    // The work of each goes on to a server that is busy for longer.
    nested.cast(first(sleep(ms(200))));
    let work = |mark: &Mark| nested.visit(mark.work());
    node.visit(work(&marks[0])).timeout(ms(20)).detach()?;
    let handler = Queued.start().await?;
    let (detached, by) = (node.clone(), work(&marks[1]));
    let by_handler = first(async move {
        detached.visit(by).detach().expect("there is room");
    });
    handler.visit(by_handler).timeout(ms(20)).await?;
    let always = node.visit_always(work(&marks[2])).timeout(ms(20)).await;
    assert!(matches!(always, Err(CallError::Timeout { .. })));
    node.visit(nothing()).await?;
    assert!(marks.iter().all(Mark::is_set));
    assert_eq!(node.skipped(), 0);
    Ok(())
}

/// Asks whether its work is still wanted.
struct Patient {
    report: Option<oneshot::Sender<(bool, bool)>>,
}

#[gen_server]
impl Patient {
    #[call]
    async fn work(&mut self, cx: &mut Ctx<Self>) {
        let before = cx.is_cancelled();
        sleep(ms(50)).await;
        if let Some(report) = self.report.take() {
            let _ = report.send((before, cx.is_cancelled()));
        }
    }

    #[call(deferred)]
    async fn work_deferred(&mut self, reply: Reply<()>) {
        let before = reply.is_cancelled();
        sleep(ms(50)).await;
        if let Some(report) = self.report.take() {
            let _ = report.send((before, reply.is_cancelled()));
        }
    }
}

impl Patient {
    async fn started() -> Result<(PatientRef, oneshot::Receiver<(bool, bool)>)> {
        let (report, reported) = oneshot::channel();
        let patient = Patient {
            report: Some(report),
        };
        Ok((patient.start().await?, reported))
    }
}

#[tokio::test(start_paused = true)]
async fn a_running_handler_can_ask_whether_it_is_wanted() -> Result<()> {
    for (limit, cancelled) in [(ms(20), true), (ms(60), false)] {
        let (patient, reported) = Patient::started().await?;
        let outcome = patient.work().timeout(limit).await;
        assert_eq!(outcome.is_err(), cancelled);
        assert_eq!(reported.await?, (false, cancelled));
        let (patient, reported) = Patient::started().await?;
        let call = timeout(limit, patient.work_deferred()).await;
        assert_eq!(call.is_err(), cancelled);
        assert_eq!(reported.await?, (false, cancelled));
    }
    Ok(())
}
