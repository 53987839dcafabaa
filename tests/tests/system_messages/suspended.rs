//! What a server answers while it is suspended, and what it does when it is resumed.

use super::{Outcome, settle};
use noex::prelude::*;
use std::time::Duration;
use tokio::time::timeout;

/// Of what must happen soon.
const LIMIT: Duration = Duration::from_secs(10);

/// Notes what it handles, in order.
#[derive(Default)]
struct Worker {
    handled: Vec<u32>,
    downs: usize,
}

#[gen_server(inline = always)]
impl Worker {
    #[cast]
    fn work(&mut self, n: u32) {
        self.handled.push(n);
    }

    #[call]
    fn ask(&mut self, n: u32) {
        self.handled.push(n);
    }

    #[call]
    fn watch(&mut self, other: WorkerRef, cx: &mut Ctx<Self>) {
        cx.monitor(&other);
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        self.downs += 1;
    }

    #[call]
    fn notes(&self) -> (Vec<u32>, usize) {
        (self.handled.clone(), self.downs)
    }
}

#[noex::test]
async fn sy_01_suspended_server_still_answers_system_requests() -> Outcome {
    let system = System::current();
    // Awake and asleep, and for callers that might run it themselves.
    for asleep in [false, true] {
        let worker = Worker::default().start().name("worker").await?;
        if asleep {
            settle().await;
        }
        assert!(worker.suspend());
        worker.work(1)?;
        let asking = worker.clone();
        let call = tokio::spawn(async move { asking.ask(2).await });
        settle().await;
        assert_eq!((worker.handled(), worker.queue_len()), (0, 2));
        assert!(!call.is_finished());
        assert!(worker.is_alive() && worker.exit_reason().is_none());
        assert_eq!(worker.name().as_deref(), Some("worker"));
        assert_eq!(system.registry().whereis("worker"), worker.pid());
        // It can be watched, and stopped.
        let watcher = Worker::default().start().await?;
        watcher.watch(worker.clone()).await?;
        worker.stop().timeout(LIMIT).await?;
        assert_eq!(call.await?, Err(CallError::Exited(ExitReason::Normal)));
        assert_eq!(worker.undelivered(), 2);
        assert_eq!(watcher.notes().await?, (vec![], 1));
        watcher.stop().await?;
    }
    // And killed.
    let worker = Worker::default().start().await?;
    assert!(worker.suspend());
    worker.kill();
    let killed = timeout(LIMIT, worker.exited()).await?;
    assert_eq!(killed, ExitReason::Killed);
    assert!(!worker.suspend() && !worker.resume());
    Ok(())
}

#[noex::test]
async fn sy_02_resume_handles_the_queue_in_order() -> Outcome {
    let (worker, other) = (
        Worker::default().start().await?,
        Worker::default().start().await?,
    );
    worker.watch(other.clone()).await?;
    // Once with a batch in its hands, once with all in the mailbox.
    (0..100).try_for_each(|n| worker.work(n))?;
    assert!(worker.suspend());
    (100..200).try_for_each(|n| worker.work(n))?;
    let call = worker.ask(200).send()?;
    (201..300).try_for_each(|n| worker.work(n))?;
    other.stop().await?;
    settle().await;
    assert_eq!(worker.queue_len(), 301);
    // Twice is once.
    assert!(worker.suspend() && worker.resume());
    timeout(LIMIT, call).await??;
    let (handled, downs) = worker.notes().await?;
    assert!(handled.into_iter().eq(0..300));
    assert_eq!(downs, 1);
    worker.stop().await?;
    Ok(())
}
