//! The watchdog.

use super::{Gate, Outcome, logs, until};
use noex::prelude::*;
use std::time::Duration;
use tokio::sync::oneshot;

/// Longer than a busy machine keeps a thread from running.
const LONG: Duration = Duration::from_millis(400);

struct Worker;

#[gen_server]
impl Worker {
    #[cast]
    fn compute(&mut self, gate: Gate) {
        gate.pass();
    }

    #[call]
    async fn wait(&mut self, until: oneshot::Receiver<()>) {
        let _ = until.await;
    }

    #[cast]
    async fn turn(&mut self, stop: Gate) {
        while !stop.0.load(std::sync::atomic::Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
    }
}

#[noex::test(workers = 4)]
async fn a_long_poll_is_found_and_told_of_once() -> Outcome {
    logs::listen();
    let system = System::current();
    let watchdog = system.watchdog(LONG);
    let [computes, waits, turns] = [
        Worker.start().name("computes").await?,
        Worker.start().await?,
        Worker.start().await?,
    ];
    // One that waits and one that runs all the time, but lets go in between, are none of its concern.
    let (release, waiting) = oneshot::channel();
    let held = waits.wait(waiting).send()?;
    let (gate, stop) = (Gate::default(), Gate::default());
    turns.turn(stop.clone())?;
    computes.compute(gate.clone())?;
    until(|| !watchdog.long_polls().is_empty()).await;
    let found = watchdog.long_polls();
    let [long] = &*found else {
        panic!("{found:?}");
    };
    assert_eq!(Some(long.pid), computes.pid());
    assert_eq!((long.server, long.handler), ("Worker", "compute"));
    assert_eq!(long.name.as_deref(), Some("computes"));
    assert!(long.at_least >= LONG);
    // It goes on for longer, and is told of once.
    until(|| watchdog.long_polls()[0].at_least > long.at_least).await;
    gate.open();
    until(|| watchdog.long_polls().is_empty()).await;
    let told = logs::matching(&[
        "WARN noex::watchdog",
        "name=computes",
        "handler=\"compute\"",
    ]);
    assert_eq!(told.len(), 1, "{told:?}");
    // The next one is another.
    let gate = Gate::default();
    computes.compute(gate.clone())?;
    until(|| !watchdog.long_polls().is_empty()).await;
    gate.open();
    stop.open();
    release.send(()).expect("it waits");
    held.await?;
    assert_eq!(
        logs::matching(&["noex::watchdog", "name=computes"]).len(),
        2
    );
    system.stop().await;
    Ok(())
}
