//! Panics that no supervisor sees.

use crate::events::Events;
use crate::parts::Tested;
use noex::prelude::*;
use tokio::sync::oneshot;
use tracing::Level;

struct Host;

#[gen_server]
impl Host {
    #[init]
    fn new() -> Self {
        Self
    }

    /// Tells when the task is gone.
    #[call]
    fn spawn(&self, gone: oneshot::Sender<()>, cx: &mut Ctx<Self>) {
        cx.spawn(async move {
            let _gone = gone;
            assert_eq!(1, 2, "beside a server");
        });
    }

    #[call]
    fn spawn_blocking(&self, gone: oneshot::Sender<()>, cx: &mut Ctx<Self>) {
        cx.spawn_blocking(move |_| {
            let _gone = gone;
            assert_eq!(1, 2, "on the blocking pool");
        });
    }
}

#[noex::test]
async fn task_beside_a_server_that_panics_is_reported_with_its_origin() -> Tested {
    let events = Events::listen();
    let host = Host::start().await?;
    let (gone, ended) = oneshot::channel();
    host.spawn(gone).await?;
    assert!(ended.await.is_err());
    host.spawn(oneshot::channel().0).await?;
    let words = ["server=\"Host\"", "beside a server", "panics.rs"];
    let told = || events.count(Level::ERROR, &words);
    while told() < 2 {
        tokio::task::yield_now().await;
    }
    // The server is none the worse, and the program has nothing to fear.
    let (gone, ended) = oneshot::channel();
    host.spawn_blocking(gone).await?;
    assert!(ended.await.is_err());
    assert!(host.is_alive());
    assert_eq!(events.count(Level::ERROR, &["outside of every process"]), 0);
    host.stop().await?;
    Ok(())
}

#[noex::test]
async fn panic_that_belongs_to_nobody_is_logged() -> Tested {
    let events = Events::listen();
    let task = tokio::spawn(async { panic!("in a task of nobody's") });
    let outcome: Result<(), _> = task.await;
    assert!(outcome.is_err());
    let words = [
        "outside of every process",
        "in a task of nobody's",
        "panics.rs",
    ];
    assert_eq!(events.count(Level::ERROR, &words), 1);
    Ok(())
}
