//! Tasks and blocking jobs end with their process.

use super::{Gate, Outcome, until};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::*};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(20);

struct Owner;

/// Tells when it is dropped.
struct Witness(Sender<&'static str>, &'static str);

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.0.send(self.1);
    }
}

#[gen_server(stuck = abandon, shutdown = 20ms)]
impl Owner {
    #[init]
    fn new() -> Self {
        Self
    }

    /// Something that never ends by itself.
    #[call]
    fn task(&mut self, witness: Sender<&'static str>, cx: &mut Ctx<Self>) {
        let witness = Witness(witness, "task");
        cx.spawn(async move {
            let _witness = witness;
            std::future::pending().await
        });
    }

    /// Passes the gate, then says what it knows.
    #[call]
    fn job(&mut self, gate: Gate, begun: Gate, tell: Sender<(bool, System)>, cx: &mut Ctx<Self>) {
        cx.spawn_blocking(move |job| {
            begun.open();
            gate.pass();
            let _ = tell.send((job.is_cancelled(), System::current()));
        });
    }

    #[call]
    fn failing_job(&mut self, gate: Gate, begun: Gate, cx: &mut Ctx<Self>) {
        cx.spawn_blocking(move |_| {
            begun.open();
            gate.pass();
            panic!("after its process");
        });
    }

    #[cast]
    fn spin(&mut self, gate: Gate) {
        gate.pass();
    }
}

fn is_open(gate: &Gate) -> bool {
    gate.0.load(Acquire)
}

#[noex::test(workers = 2)]
async fn a_job_outlives_its_process_as_an_orphan() -> Outcome {
    let system = System::current();
    let owner = Owner::start().await?;
    let (tell, told) = channel();
    // One that returns in time is nobody's orphan.
    let (gate, begun) = (Gate::default(), Gate::default());
    gate.open();
    owner.job(gate, begun, tell.clone()).await?;
    assert_eq!(told.recv_timeout(LONG)?, (false, system.clone()));
    let gates = [(); 3].map(|()| (Gate::default(), Gate::default()));
    let [
        (first, first_begun),
        (second, second_begun),
        (third, third_begun),
    ] = gates;
    owner
        .job(first.clone(), first_begun.clone(), tell.clone())
        .await?;
    owner
        .job(second.clone(), second_begun.clone(), tell)
        .await?;
    owner
        .failing_job(third.clone(), third_begun.clone())
        .await?;
    until(|| {
        [&first_begun, &second_begun, &third_begun]
            .into_iter()
            .all(is_open)
    })
    .await;
    assert_eq!(system.orphaned_jobs(), 0);
    owner.stop().await?;
    assert_eq!(system.orphaned_jobs(), 3);
    first.open();
    assert_eq!(told.recv_timeout(LONG)?, (true, system.clone()));
    until(|| system.orphaned_jobs() == 2).await;
    third.open();
    until(|| system.orphaned_jobs() == 1).await;
    second.open();
    until(|| system.orphaned_jobs() == 0).await;
    Ok(())
}

/// The blocking pool has one thread here, and it is taken.
#[test]
fn a_job_that_has_not_begun_never_runs() -> Outcome {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().max_blocking_threads(1).build()?;
    runtime.block_on(async {
        let system = System::new();
        let (gate, begun, never) = (Gate::default(), Gate::default(), Gate::default());
        let (keeps, opens) = (gate.clone(), begun.clone());
        tokio::task::spawn_blocking(move || {
            opens.open();
            keeps.pass();
        });
        until(|| is_open(&begun)).await;
        let owner = Owner::start().system(&system).await?;
        let (tell, told) = channel();
        owner.job(Gate::default(), never.clone(), tell).await?;
        owner.stop().await?;
        assert_eq!(system.orphaned_jobs(), 0);
        gate.open();
        tokio::task::spawn_blocking(|| ()).await?;
        // Its end of the channel went with it.
        assert!(told.recv_timeout(LONG).is_err() && !is_open(&never));
        assert_eq!(system.orphaned_jobs(), 0);
        Ok(())
    })
}

#[noex::test(workers = 4)]
async fn what_an_abandoned_process_owns_ends_with_it() -> Outcome {
    let system = System::current();
    let spec = Spec::new("tree");
    let spec = spec.child(Owner::child_spec().id("owner").name("owner"));
    let tree = Supervisor::start(spec).await?;
    let owner = Owner::named("owner").current().ok_or("it runs")?;
    let ((gone, seen), (tell, told)) = (channel(), channel());
    let (gate, begun, keeps) = (Gate::default(), Gate::default(), Gate::default());
    owner.task(gone).await?;
    owner.job(gate.clone(), begun.clone(), tell).await?;
    until(|| is_open(&begun)).await;
    owner.spin(keeps.clone())?;
    until(|| owner.queue_len() == 0).await;
    tree.terminate_child("owner").await?;
    // While its handler still spins.
    assert_eq!(system.leaked().len(), 1);
    assert_eq!(seen.recv_timeout(LONG)?, "task");
    assert_eq!(system.orphaned_jobs(), 1);
    gate.open();
    assert!(told.recv_timeout(LONG)?.0);
    until(|| system.orphaned_jobs() == 0).await;
    keeps.open();
    until(|| system.leaked().is_empty()).await;
    tree.stop().await?;
    Ok(())
}

/// A job and the death of its process, at once: it is told, or never begins, and no orphan is left.
#[noex::test(workers = 2)]
async fn jobs_in_a_race_with_the_death_are_counted_out() -> Outcome {
    let system = System::current();
    for _ in 0..2_000 {
        let owner = Owner::start().await?;
        let (gate, begun) = (Gate::default(), Arc::new(AtomicBool::new(false)));
        let (tell, told) = channel();
        gate.open();
        owner.job(gate, Gate(begun), tell).await?;
        owner.kill();
        owner.exited().await;
        drop(told);
    }
    until(|| system.orphaned_jobs() == 0).await;
    Ok(())
}
