//! A process that does what it is told, and what the tests share.

use noex::prelude::*;
use noex::{Duplicate, GenServer, KeyRegistry, Pid, RegisterError};
use std::error::Error;
use std::future::Future;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::timeout;

pub(crate) type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

pub(crate) type Unique<V = u32> = KeyRegistry<String, V>;
pub(crate) type Many<V = u32> = KeyRegistry<String, V, Duplicate>;

type Job = Box<dyn FnOnce(&mut Ctx<Actor>) + Send>;

pub(crate) struct Actor;

#[gen_server(mailbox = unbounded)]
impl Actor {
    #[cast]
    pub(crate) fn job(&mut self, job: Job, cx: &mut Ctx<Self>) {
        job(cx);
    }

    #[call]
    pub(crate) fn ping(&self) {}
}

pub(crate) async fn actor() -> Result<ActorRef, StartError> {
    Actor.start().await
}

/// Has the actor do something.
pub(crate) fn tell(actor: &ActorRef, job: impl FnOnce(&mut Ctx<Actor>) + Send + 'static) {
    actor.job(Box::new(job)).expect("the actor runs");
}

/// Has the actor do something, and returns what comes of it.
pub(crate) async fn inside<R: Send + 'static>(
    actor: &ActorRef,
    job: impl FnOnce(&mut Ctx<Actor>) -> R + Send + 'static,
) -> R {
    let (answer, answered) = oneshot::channel();
    tell(actor, move |cx| drop(answer.send(job(cx))));
    answered.await.expect("the actor does its job")
}

pub(crate) async fn register(
    actor: &ActorRef,
    registry: &Unique,
    key: &str,
    value: u32,
) -> Result<(), RegisterError> {
    let (registry, key) = (registry.clone(), key.to_owned());
    inside(actor, move |_| registry.register(key, value)).await
}

pub(crate) async fn register_many(actor: &ActorRef, registry: &Many, key: &str, value: u32) {
    let (registry, key) = (registry.clone(), key.to_owned());
    let registered = inside(actor, move |_| registry.register(key, value)).await;
    registered.expect("a duplicate registry refuses nobody who lives");
}

pub(crate) fn pid(actor: &ActorRef) -> Pid {
    actor.pid().expect("it is one process")
}

/// Kills a process and waits until it is gone.
pub(crate) async fn kill<S: GenServer>(process: &Process<S>) -> Outcome {
    process.kill();
    timeout(Duration::from_secs(10), process.exited()).await?;
    Ok(())
}

/// Runs a race on one, two and more workers, in a system of its own each.
pub(crate) fn on_workers<F>(race: impl Fn() -> F)
where
    F: Future<Output = Outcome> + Send + 'static,
{
    for workers in [1, 2, 8] {
        let runtime = Builder::new_multi_thread()
            .worker_threads(workers)
            .enable_all()
            .build()
            .expect("there are threads");
        let system = System::new();
        let _bound = system.bind(runtime.handle());
        let run = runtime.spawn(race());
        let outcome = runtime.block_on(run).expect("no assertion fails");
        outcome.unwrap_or_else(|error| panic!("on {workers} workers: {error}"));
        assert_eq!(system.processes(), [], "left behind on {workers} workers");
    }
}
