//! `stuck`: what becomes of a child that was killed and does not yield.

use super::{Gate, LIMIT, Outcome, logs, until};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor, TreeHandle};
use noex::{Shutdown, Status};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;
use tokio::time::timeout;

/// What an abandoned server got when it went on.
#[derive(Debug, PartialEq)]
struct Attempts {
    cast: bool,
    refused: String,
    looked_up: bool,
    asked: Result<u64, CallError>,
}

#[derive(Clone, Default)]
struct Neighbour;

#[gen_server]
impl Neighbour {
    #[cast]
    fn note(&mut self) {}

    #[call]
    fn ask(&self) -> u64 {
        7
    }
}

struct Spinner(u64);

struct Tick;

#[gen_server(stuck = abandon)]
impl Spinner {
    #[init]
    fn new() -> Self {
        Self(0)
    }

    /// Keeps its thread, then does what it can.
    #[cast]
    async fn spin(
        &mut self,
        gate: Gate,
        neighbour: NeighbourRef,
        tell: Sender<Attempts>,
        cx: &mut Ctx<Self>,
    ) {
        gate.pass();
        let cast = neighbour.note().is_ok();
        let started = Neighbour.start().name("from the grave").await;
        let refused = started.map_or_else(|e| e.to_string(), |_| String::new());
        let looked_up = Neighbour::named("neighbour").is_alive();
        cx.send_after(Duration::ZERO, Tick);
        cx.interval(Duration::from_millis(1), 1_u8);
        cx.spawn(async move { neighbour.note().expect("it is not reached") });
        let asked = Neighbour::named("neighbour").ask().await;
        let _ = tell.send(Attempts {
            cast,
            refused,
            looked_up,
            asked,
        });
        std::future::pending().await
    }

    #[call]
    fn hold(&mut self, gate: Gate) -> u64 {
        gate.pass();
        self.0
    }

    #[call]
    fn get(&self) -> u64 {
        self.0
    }

    #[info]
    fn tick(&mut self, _tick: Tick) {}

    #[info]
    fn byte(&mut self, _byte: u8) {}

    #[status]
    fn show(&self) -> u64 {
        self.0
    }
}

async fn tree(system: &System) -> Result<TreeHandle, StartError> {
    let short = Shutdown::After(Duration::from_millis(20));
    let spinner = Spinner::child_spec().id("spinner").name("spinner");
    let spec = Spec::new("tree")
        .child(Neighbour.child_spec().id("neighbour").name("neighbour"))
        .child(spinner.shutdown(short));
    Supervisor::start(spec).system(system).await
}

fn spinner() -> Result<SpinnerRef, &'static str> {
    Spinner::named("spinner").current().ok_or("it runs")
}

#[noex::test(workers = 4)]
async fn an_abandoned_child_is_fenced_off_and_replaced() -> Outcome {
    let system = System::current();
    let tree = tree(&system).await?;
    let neighbour = Neighbour::named("neighbour").current().ok_or("it runs")?;
    let (gate, (tell, told)) = (Gate::default(), channel());
    let old = spinner()?;
    // A batch: what it is busy with, what it has taken with that, and what waits.
    assert!(old.suspend());
    old.spin(gate.clone(), neighbour.clone(), tell)?;
    let taken = old.get().timeout(Duration::MAX).send()?;
    assert!(old.resume());
    until(|| old.queue_len() == 1).await;
    let queued = old.get().timeout(Duration::MAX).send()?;
    let asking = tokio::spawn(old.get_state(|s| s.0).timeout(Duration::MAX));
    until(|| old.queue_len() == 2).await;

    tree.terminate_child("spinner").await?;
    let leaked = || Err(CallError::Exited(ExitReason::Leaked));
    assert_eq!(timeout(LIMIT, taken).await?, leaked());
    assert_eq!(timeout(LIMIT, queued).await?, leaked());
    assert!(timeout(LIMIT, asking).await??.is_err());
    assert_eq!(timeout(LIMIT, old.exited()).await?, ExitReason::Leaked);
    // Listed as what it is, and nowhere else.
    assert!(!old.is_alive() && old.get().send().is_err());
    assert_eq!(system.leaked(), [old.pid().ok_or("it is known")?]);
    assert!(!system.processes().contains(&system.leaked()[0]));
    assert_eq!(system.registry().whereis("spinner"), None);
    // The supervisor goes on with another.
    tree.restart_child("spinner").await?;
    let new = spinner()?;
    assert_ne!(new.pid(), old.pid());
    let status = new.get_status().await?;
    assert_eq!(status.state, Some(Status::of(&0)));

    // The old one goes on and reaches nobody.
    let handled = neighbour.handled();
    gate.open();
    let attempts = tokio::task::spawn_blocking(move || told.recv_timeout(LIMIT));
    assert_eq!(
        attempts.await??,
        Attempts {
            cast: false,
            refused: StartError::Exited(ExitReason::Leaked).to_string(),
            looked_up: false,
            asked: Err(CallError::NotRunning),
        }
    );
    until(|| system.leaked().is_empty()).await;
    assert_eq!(neighbour.handled(), handled);
    assert_eq!(neighbour.ask().await?, 7);
    assert_eq!(system.registry().names().len(), 2);
    assert_eq!(old.exit_reason(), Some(ExitReason::Leaked));
    assert_eq!(spinner()?.pid(), new.pid());
    assert!(tree.stop().await?.is_clean());
    Ok(())
}

/// The answer that it gives in the end comes too late, also where nobody has looked for it meanwhile.
#[noex::test(workers = 4)]
async fn an_abandoned_child_answers_nobody() -> Outcome {
    let system = System::current();
    let tree = tree(&system).await?;
    let (gate, old) = (Gate::default(), spinner()?);
    let held = old.hold(gate.clone()).timeout(Duration::MAX).send()?;
    until(|| old.queue_len() == 0 && old.get().send().is_ok() && old.queue_len() == 1).await;
    // The stop of a tree tells of it.
    let stopped = tree.stop().await?;
    let [left] = stopped.unclean() else {
        panic!("{stopped:?}");
    };
    assert_eq!((&*left.path, left.stuck), ("tree/spinner", true));
    gate.open();
    until(|| system.leaked().is_empty()).await;
    let answer = timeout(LIMIT, held).await?;
    assert_eq!(answer, Err(CallError::Exited(ExitReason::Leaked)));
    Ok(())
}

/// What a supervisor does that was killed itself.
#[noex::test(workers = 4)]
async fn a_killed_supervisor_abandons_too() -> Outcome {
    let system = System::current();
    let inner = Spec::new("inner").child(Spinner::child_spec().id("spinner").name("spinner"));
    let outer = Spec::new("outer").child(
        Supervisor::child_spec(inner)
            .id("inner")
            .shutdown(Shutdown::BrutalKill),
    );
    let tree = Supervisor::start(outer).await?;
    let (gate, old) = (Gate::default(), spinner()?);
    let held = old.hold(gate.clone()).send()?;
    until(|| old.queue_len() == 0).await;
    // That its supervisor takes as long as it may is another matter.
    let _ = tree.terminate_child("inner").await;
    assert_eq!(timeout(LIMIT, old.exited()).await?, ExitReason::Leaked);
    assert_eq!(system.leaked().len(), 1);
    gate.open();
    drop(held);
    until(|| system.leaked().is_empty()).await;
    tree.stop().await?;
    Ok(())
}

/// Waits, as by default.
struct Waiter;

#[gen_server(shutdown = 20ms)]
impl Waiter {
    #[init]
    fn new() -> Self {
        Self
    }

    #[cast]
    fn keep(&mut self, gate: Gate) {
        gate.pass();
    }
}

#[noex::test(workers = 4)]
async fn a_stuck_child_is_told_of_once() -> Outcome {
    logs::listen();
    let spec = Spec::new("patience").child(Waiter::child_spec().id("waiter").name("waiter"));
    let tree = Supervisor::start(spec).await?;
    let waiter = Waiter::named("waiter").current().ok_or("it runs")?;
    let (gate, pid) = (Gate::default(), waiter.pid().ok_or("it runs")?.to_string());
    waiter.keep(gate.clone())?;
    until(|| waiter.queue_len() == 0).await;
    let told = tree.terminate_child("waiter").await;
    assert!(told.is_err(), "{told:?}");
    assert!(waiter.is_alive() && System::current().leaked().is_empty());
    let stuck = logs::matching(&["patience", "child is stuck"]);
    let [line] = &*stuck else {
        panic!("{stuck:?}");
    };
    for told in [
        "ERROR noex::supervisor",
        "child=\"waiter\"",
        &*pid,
        "handler=\"keep\"",
        "at_least=1s",
        "policy=Wait",
    ] {
        assert!(line.contains(told), "{told} in {line}");
    }
    gate.open();
    assert_eq!(waiter.exited().await, ExitReason::Killed);
    tree.stop().await?;
    assert_eq!(logs::matching(&["patience", "stuck"]).len(), 1);
    Ok(())
}
