//! Defects of calls.

use crate::parts::{Begin, Log, Tested, Worker, ms, patient};
use noex::prelude::*;
use noex::supervisor::Supervisor;
use noex::{Application, ApplicationError, Cycle, KeyRegistry, Task};
use std::future::pending;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

/// Works for as long as somebody wants it to.
struct Patient;

#[gen_server]
impl Patient {
    #[call]
    async fn work(&mut self, over: oneshot::Sender<Instant>, cx: &mut Ctx<Self>) {
        while !cx.is_cancelled() {
            sleep(ms(1)).await;
        }
        let _ = over.send(Instant::now());
        // Its answer shall not be there before the caller has given up.
        sleep(ms(5)).await;
    }

    #[call(deferred)]
    fn work_beside(
        &mut self,
        over: oneshot::Sender<Instant>,
        reply: Reply<()>,
        cx: &mut Ctx<Self>,
    ) {
        cx.spawn(async move {
            while !reply.is_cancelled() {
                sleep(ms(1)).await;
            }
            let _ = over.send(Instant::now());
        });
    }

    #[call]
    async fn rest(&mut self, time: Duration) {
        sleep(time).await;
    }
}

/// A caller timed out at 50 ms; the handler worked to its end, for nobody.
#[tokio::test(start_paused = true)]
async fn r04_a_handler_sees_that_its_caller_is_gone() -> Tested {
    let patient = Patient.start().await?;
    let (over, was_over) = oneshot::channel();
    let begun = Instant::now();
    let late = patient.work(over).timeout(ms(50)).await;
    assert_eq!(late, Err(CallError::Timeout { after: ms(50) }));
    assert!((50..53).contains(&was_over.await?.duration_since(begun).as_millis()));
    // One that is dropped, where the token is at hand.
    let (over, was_over) = oneshot::channel();
    let begun = Instant::now();
    let dropped = timeout(ms(50), patient.work_beside(over)).await;
    assert!(dropped.is_err());
    assert!((50..53).contains(&was_over.await?.duration_since(begun).as_millis()));
    patient.stop().await?;
    Ok(())
}

/// Calls another, which calls the next.
struct Hop;

#[gen_server]
impl Hop {
    /// Goes from hop to hop, the last of the path first, and says on which circle that ended.
    #[call]
    async fn visit(&self, mut path: Vec<HopRef>) -> Option<Cycle> {
        let next = path.pop()?;
        match next.visit(path).timeout(Duration::MAX).await {
            Ok(found) => found,
            Err(CallError::Deadlock(cycle)) => Some(cycle),
            Err(error) => panic!("{error}"),
        }
    }
}

fn names(cycle: &Cycle) -> Vec<String> {
    let names = cycle.hops().iter().map(|hop| hop.name.as_deref());
    names.map(|it| it.unwrap_or("nobody").to_owned()).collect()
}

/// A called B, which called A: no answer, no error.
#[tokio::test(start_paused = true)]
async fn r05_a_call_back_is_a_cycle_that_names_both() -> Tested {
    let system = System::new();
    let a = Hop.start().name("a").system(&system).await?;
    let b = Hop.start().name("b").system(&system).await?;
    let begun = Instant::now();
    let cycle = a.visit(vec![a.clone(), b.clone()]).await?;
    let names = names(&cycle.expect("it is a circle"));
    assert!(
        names == ["a", "b", "a"] || names == ["b", "a", "b"],
        "{names:?}"
    );
    assert_eq!(begun.elapsed(), Duration::ZERO);
    // Nothing is left of it.
    assert!(a.visit(vec![b]).await?.is_none());
    Ok(())
}

/// A process that called itself waited for ever.
#[tokio::test(start_paused = true)]
async fn r06_a_call_to_oneself_is_a_cycle() -> Tested {
    let a = Hop.start().name("a").system(&System::new()).await?;
    let begun = Instant::now();
    let cycle = a.visit(vec![a.clone()]).await?;
    assert_eq!(names(&cycle.expect("it is a circle")), ["a", "a"]);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    Ok(())
}

struct Other;

#[gen_server]
impl Other {
    #[call]
    fn ping(&self) {}

    #[cast]
    fn crash(&mut self) {
        panic!("it is not meant");
    }
}

/// A handle of the wrong type brought its messages into the queue.
#[tokio::test]
async fn r10_a_handle_of_another_type_reaches_nobody() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let keys = KeyRegistry::<u32>::unique();
    let worker = Worker::start(log.part("a")).name("a").system(&system);
    let worker = worker.via(&keys, 1, ()).await?;
    worker.ping().await?;
    let wrong = OtherRef::from(Process::<Other>::named_in(&system, "a"));
    assert_eq!(wrong.ping().await, Err(CallError::NotRunning));
    assert!(matches!(wrong.crash(), Err(CastError::NotRunning(_))));
    assert!(wrong.reserve().await.is_err());
    assert!(system.registry().lookup::<Other>("a").is_none());
    let entry = keys.lookup(&1).expect("it was started under the key");
    assert!(entry.process::<Other>().is_none());
    assert_eq!(
        keys.via::<Other>(1).ping().await,
        Err(CallError::NotRunning)
    );
    assert_eq!((worker.queue_len(), worker.handled()), (0, 1));
    worker.stop().await?;
    Ok(())
}

/// Nothing could be cancelled: calls that had timed out ran, and inits, tasks and starts of applications went on.
#[tokio::test(start_paused = true)]
async fn w08_what_nobody_wants_is_given_up() -> Tested {
    let system = System::new();
    let server = Patient.start().system(&system).await?;
    let busy = server.rest(ms(100)).send()?;
    let late = server.rest(ms(3_600_000)).timeout(ms(10)).await;
    assert!(matches!(late, Err(CallError::Timeout { .. })));
    busy.await?;
    server.rest(ms(1)).await?;
    assert_eq!(server.skipped(), 1);
    server.stop().await?;

    // An init whose starter goes away.
    let hanging = Log::default().part("hanging");
    hanging.always(Begin::Hang);
    let start = Worker::start(hanging.clone()).name("it").system(&system);
    assert!(
        timeout(ms(50), async { start.await.map(drop) })
            .await
            .is_err()
    );
    while !system.processes().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(system.registry().whereis("it"), None);

    // A task.
    let begun = Instant::now();
    let task = Task::start(pending::<()>()).system(&system).await?;
    task.stop().await?;
    assert_eq!((begun.elapsed(), task.is_alive()), (Duration::ZERO, false));

    // The start of an application.
    let applications = system.applications();
    applications.load(Application::new("app", move || {
        Supervisor::start(patient().child(hanging.spec()))
    }))?;
    let starting = tokio::spawn({
        let applications = applications.clone();
        async move { applications.start("app").await }
    });
    tokio::task::yield_now().await;
    assert!(applications.stop("app").await.is_ok());
    let cancelled = starting.await?;
    assert!(
        matches!(cancelled, Err(ApplicationError::Cancelled(_))),
        "{cancelled:?}"
    );
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(system.processes(), []);
    Ok(())
}
