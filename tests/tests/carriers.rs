//! Which task a server runs on, and whether it needs one.

use noex::prelude::*;
use std::error::Error;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::task;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Tells which task its handler runs on, and takes so long for that.
struct Whereabouts(Duration);

#[gen_server]
impl Whereabouts {
    #[call]
    fn task(&self) -> Option<task::Id> {
        std::thread::sleep(self.0);
        task::try_id()
    }

    #[cast]
    fn wake_up(&self) {}
}

/// How often one is asked in a trial.
const TRIAL: usize = 16;

/// Asks one often enough for a trial; then another for the first time. Whether the answers came from the task of who asked.
async fn asked_after_a_trial(takes: Duration) -> Outcome<(bool, bool)> {
    let me = Some(task::id());
    let (first, second) = (Whereabouts(takes), Whereabouts(takes));
    let (first, second) = (first.start().await?, second.start().await?);
    let on_trial = first.task().await? == me;
    for _ in 1..TRIAL {
        first.task().await?;
    }
    let at_once = second.task().await? == me;
    first.stop().await?;
    second.stop().await?;
    Ok((on_trial, at_once))
}

#[noex::test(workers = 2)]
async fn what_one_server_has_proved_its_like_need_not_prove_again() -> Outcome {
    let outcome = tokio::spawn(asked_after_a_trial(Duration::ZERO)).await??;
    assert_eq!(outcome, (false, true));
    Ok(())
}

#[noex::test(workers = 2)]
async fn nor_is_it_tried_again_with_those_whose_like_is_slow() -> Outcome {
    let outcome = tokio::spawn(asked_after_a_trial(Duration::from_millis(1))).await??;
    assert_eq!(outcome, (false, false));
    Ok(())
}

/// It is made when something first wakes the server, and ends with it.
#[test]
fn a_server_that_nothing_has_woken_has_no_task() -> Outcome {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let system = System::new();
    runtime.block_on(async {
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let first = Whereabouts(Duration::ZERO).start().system(&system).await?;
        let before = tasks();
        let mut servers = vec![first];
        for _ in 0..10 {
            servers.push(Whereabouts(Duration::ZERO).start().system(&system).await?);
        }
        assert_eq!(tasks(), before, "before any is woken");
        servers[3].wake_up()?;
        servers[3].wake_up()?;
        assert_eq!(tasks(), before + 1, "one is woken");
        for server in servers {
            server.stop().await?;
        }
        task::yield_now().await;
        assert_eq!(tasks(), before, "all have ended");
        Ok(())
    })
}

/// Watches another, if it is given one.
struct Watcher;

#[gen_server]
impl Watcher {
    #[init]
    fn new(watched: Option<WatcherRef>, cx: &mut Ctx<Self>) -> Self {
        if let Some(watched) = watched {
            cx.monitor(&watched);
        }
        Self
    }
}

/// So that the end of one that many watch is not the moment to make all their tasks.
#[test]
fn a_server_that_watches_has_its_task_before_it_is_woken() -> Outcome {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let system = System::new();
    runtime.block_on(async {
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let watched = Watcher::start(None).system(&system).await?;
        let before = tasks();
        let watcher = Watcher::start(Some(watched.clone()))
            .system(&system)
            .await?;
        assert_eq!(tasks(), before + 1);
        watcher.stop().await?;
        watched.stop().await?;
        Ok(())
    })
}
