//! S18, S39, S43: what is answered while a program starts and stops.

use super::{Outcome, get};
use noex::http::Health;
use noex::prelude::*;
use noex::{Application, Program};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};

/// Its init waits until it may go on.
struct Slow;

#[gen_server]
impl Slow {
    #[init]
    async fn new(door: Arc<Semaphore>) -> Self {
        let _ = door.acquire().await;
        Self
    }
}

supervisor! {
    struct Tree(door: Arc<Semaphore>) {
        slow: Slow(door.clone()),
    }
}

/// The codes of startup, ready, health and liveness.
async fn codes(address: SocketAddr) -> Outcome<[u16; 4]> {
    let mut codes = [0; 4];
    let paths = ["/health/startup", "/ready", "/health", "/health/live"];
    for (code, path) in codes.iter_mut().zip(paths) {
        *code = get(address, path).await?.code;
    }
    Ok(codes)
}

#[noex::test]
async fn s18_ready_from_the_end_of_the_start_to_the_beginning_of_the_stop() -> Outcome {
    let server = Health::new().bind(([127, 0, 0, 1], 0)).await?;
    let address = server.address();
    let (started, ending) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (tell, mut told) = mpsc::unbounded_channel();
    let (door, last) = (started.clone(), ending.clone());
    let application = Application::new("slow", move || Tree::start(door.clone()))
        .start_phase("tell", move |_| {
            let _ = tell.send(());
            std::future::ready(())
        })
        .prep_stop(move |_| {
            let last = last.clone();
            async move { drop(last.acquire().await) }
        });
    let program = Program::new()
        .beside("health", server.serve())
        .with(application);
    let running = tokio::spawn(program.run());
    assert_eq!(codes(address).await?, [503, 503, 200, 200], "starting");
    started.add_permits(1);
    assert_eq!(told.recv().await, Some(()), "up");
    let ready = loop {
        let codes = codes(address).await?;
        if codes[1] == 200 {
            break codes;
        }
    };
    assert_eq!(ready, [200, 200, 200, 200], "running");
    let applications = System::current().applications();
    let shutdown = tokio::spawn(async move { applications.shutdown().await });
    while System::current().phase() == noex::Phase::Running {
        tokio::task::yield_now().await;
    }
    assert_eq!(codes(address).await?, [200, 503, 503, 200], "draining");
    ending.add_permits(1);
    shutdown.await?;
    running.await?;
    assert!(get(address, "/health/live").await.is_err(), "over");
    Ok(())
}
