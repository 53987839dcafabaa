//! What holds of monitors however ends and watchers meet.

use super::watched::{Watched, WatchedRef, because, watched};
use super::watcher::Watcher;
use noex::prelude::*;
use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test(workers = 2)]
async fn mo_05_monitoring_the_dying_is_exactly_one_down() -> Outcome {
    const MANY: u32 = 50_000;
    let (report, mut downs) = mpsc::unbounded_channel();
    let watcher = Watcher::start(Some(report)).await?;
    let (mut asked, mut late) = (HashSet::new(), 0);
    for n in 0..MANY {
        let watched = watched().await?;
        // Now the one, now the other has the better start.
        if n % 2 == 0 {
            watched.end(because("r"))?;
        }
        let watch = watcher.watch(watched.clone()).send()?;
        if n % 2 == 1 {
            watched.end(because("r"))?;
        }
        asked.insert(watch.await?);
    }
    assert_eq!(asked.len() as u32, MANY);
    for _ in 0..MANY {
        let down = timeout(Duration::from_secs(10), downs.recv()).await?;
        let down = down.expect("the watcher lives");
        assert!(asked.remove(&down.monitor), "told twice: {down:?}");
        match down.reason {
            ExitReason::NoProc => late += 1,
            reason => assert_eq!(reason, because("r")),
        }
    }
    // Of both there must have been some, or nothing raced.
    assert!((1..MANY).contains(&late), "{late} of {MANY} came too late");
    watcher.stop().await?;
    assert!(downs.try_recv().is_err());
    Ok(())
}

/// Looks a process up when it is told of its end.
struct Looker {
    watched: Option<WatchedRef>,
    found: mpsc::UnboundedSender<(bool, bool)>,
}

#[gen_server]
impl Looker {
    #[call]
    fn watch(&mut self, watched: WatchedRef, cx: &mut Ctx<Self>) {
        cx.monitor(&watched);
        self.watched = Some(watched);
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        let name = System::current().registry().whereis("watched").is_some();
        let alive = self.watched.take().is_some_and(|w| w.is_alive());
        let _ = self.found.send((name, alive));
    }
}

/// What a watcher found at each of so many DOWNs: the name, and whether it was alive.
async fn found_at_down(many: u32) -> Result<Vec<(bool, bool)>, Box<dyn Error>> {
    let (found, mut finds) = mpsc::unbounded_channel();
    let looker = Looker {
        watched: None,
        found,
    };
    let looker = looker.start().await?;
    let rounds = async move {
        let mut all = Vec::new();
        for _ in 0..many {
            let watched = Watched.start().name("watched").await;
            let watched = watched.expect("the name is free");
            looker.watch(watched.clone()).await.expect("it runs");
            watched.end(because("r")).expect("it runs");
            all.extend(finds.recv().await);
        }
        looker.stop().await.expect("it runs");
        all
    };
    Ok(tokio::spawn(rounds).await?)
}

#[noex::test(workers = 2)]
async fn mo_11_name_is_free_at_down() -> Outcome {
    let found = found_at_down(50_000).await?;
    assert_eq!(found.len(), 50_000);
    assert_eq!(found.iter().filter(|(name, _)| *name).count(), 0);
    Ok(())
}

#[noex::test(workers = 2)]
async fn mo_12_process_is_dead_at_down() -> Outcome {
    let found = found_at_down(20_000).await?;
    assert_eq!(found.len(), 20_000);
    assert_eq!(found.iter().filter(|(_, alive)| *alive).count(), 0);
    Ok(())
}

/// Watches, and is soon gone.
struct Passing;

#[gen_server]
impl Passing {
    /// The label lies in the process's own memory: when nobody holds it, that is free.
    #[init]
    fn new(watched: WatchedRef, label: Arc<str>, cx: &mut Ctx<Self>) -> Self {
        cx.set_label(label);
        cx.monitor(&watched);
        Self
    }

    #[cast]
    fn end(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

#[noex::test(workers = 2)]
async fn mo_13_dead_watchers_leave_no_trace() -> Outcome {
    let watched = watched().await?;
    let label: Arc<str> = "passing".into();
    let (its_watched, its_label) = (watched.clone(), label.clone());
    let rounds = async move {
        for _ in 0..100_000 {
            let passing = Passing::start(its_watched.clone(), its_label.clone());
            let passing = passing.await.expect("nothing hinders it");
            passing.end().expect("it runs");
        }
    };
    tokio::spawn(rounds).await?;
    let freed = async {
        while Arc::strong_count(&label) > 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), freed).await?;
    watched.stop().await?;
    Ok(())
}
