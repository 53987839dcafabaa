//! Which task a server runs on, and whether it needs one.

use noex::prelude::*;
use std::error::Error;
use std::time::Duration;
use tokio::runtime::Handle;
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

/// Whether a new one that takes so long answers its first call on the task of who asks.
async fn answers_here(takes: Duration) -> Outcome<bool> {
    let server = Whereabouts(takes).start().await?;
    let task = server.task().await?;
    server.stop().await?;
    Ok(task == task::try_id())
}

/// New ones that are quick, up to so many, until one does.
async fn any_answers_here(most: usize) -> Outcome<bool> {
    for _ in 0..most {
        if answers_here(Duration::ZERO).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// More than a trial has samples; they may be unlucky.
const MANY: usize = 1_000;

#[noex::test(workers = 2)]
async fn what_some_servers_have_proved_their_like_need_not_prove_again() -> Outcome {
    tokio::spawn(async {
        assert!(!any_answers_here(16).await?, "they are tried first");
        assert!(any_answers_here(MANY).await?);
        Ok(())
    })
    .await?
}

#[noex::test(workers = 2)]
async fn one_that_is_slow_has_its_like_tried_again() -> Outcome {
    tokio::spawn(async {
        assert!(any_answers_here(MANY).await?);
        answers_here(Duration::from_millis(1)).await?;
        assert!(!answers_here(Duration::ZERO).await?);
        // And they may pass again.
        assert!(any_answers_here(MANY).await?);
        Ok(())
    })
    .await?
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// It is made when something first wakes the server, and ends with it.
#[noex::test]
async fn a_server_that_nothing_has_woken_has_no_task() -> Outcome {
    let mut servers = vec![Whereabouts(Duration::ZERO).start().await?];
    let before = tasks();
    for _ in 0..10 {
        servers.push(Whereabouts(Duration::ZERO).start().await?);
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
#[noex::test]
async fn a_server_that_watches_has_its_task_before_it_is_woken() -> Outcome {
    let watched = Watcher::start(None).await?;
    let before = tasks();
    let watcher = Watcher::start(Some(watched.clone())).await?;
    assert_eq!(tasks(), before + 1);
    watcher.stop().await?;
    watched.stop().await?;
    Ok(())
}
