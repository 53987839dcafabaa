//! How an application stops, asked or by itself.

use crate::apps::{Handle, app, applications, over, panics, stop_of};
use crate::events::Events;
use crate::parts::{
    End, Log, Part, Spinner, SpinnerRef, Tested, Worker, WorkerRef, ms, patient, within,
};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{Application, ApplicationError, Restart};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Release};
use tracing::Level;

supervisor! {
    struct Pair(parts: [Part; 2]) {
        first: Worker(parts[0].clone()),
        second: Worker(parts[1].clone()),
    }
}

#[noex::test]
async fn ap_07_stop_runs_its_hooks_in_order() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let parts = log.parts(["a", "b"]);
    let (before, after) = (log.clone(), log.clone());
    let pair = Application::new("pair", move || Pair::start(parts.clone()));
    let pair = pair.prep_stop(move |pair| {
        let log = before.clone();
        async move {
            // The tree is up.
            let outcome = WorkerRef::ping(&pair.first()).await;
            log.note("prep_stop");
            outcome
        }
    });
    apps.load(pair.stopped(move || {
        let log = after.clone();
        async move { log.note("stopped") }
    }))?;
    for _ in 0..2 {
        apps.start("pair").await?;
        log.take();
        let report = apps.stop("pair").await?;
        assert!(report.is_clean(), "{report}");
        assert_eq!(report.reason, Some(ExitReason::Shutdown));
        let expected = [
            "prep_stop",
            "b stops (shutdown)",
            "b gone",
            "a stops (shutdown)",
            "a gone",
            "stopped",
        ];
        assert_eq!(log.take(), expected);
    }
    let error = apps.stop("pair").await.expect_err("it is stopped");
    assert!(matches!(&error, ApplicationError::NotRunning(name) if &**name == "pair"));
    Ok(())
}

#[noex::test]
async fn ap_08_hooks_run_when_the_root_dies() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let (a, root) = (log.part("a"), Handle::default());
    apps.load(root.of(app(&a, "a", &log)).restart(Restart::Temporary))?;
    apps.start("a").await?;
    log.take();
    root.tree().kill();
    over("a").await;
    assert_eq!(log.take(), ["a gone", "a prep_stop", "a stopped"]);
    // And also where the tree gives up.
    apps.start("a").await?;
    log.take();
    root.tree()
        .stopping()
        .reason(ExitReason::from_error("broken"))
        .await?;
    over("a").await;
    assert_eq!(log.take().split_off(2), ["a prep_stop", "a stopped"]);
    assert_eq!(System::current().processes(), []);
    Ok(())
}

/// Starts others, which nobody supervises.
struct Careless(Part);

#[gen_server]
impl Careless {
    #[init]
    fn new(part: Part) -> Self {
        Self(part)
    }

    #[call]
    async fn start_other(&mut self) -> Result<(), StartError> {
        let other = Worker::start(self.0.clone()).await?;
        other.trap().expect("it has just started");
        other.ping().await.expect("it runs");
        Ok(())
    }

    /// From a task beside the server.
    #[call(spawn)]
    fn start_tree(&self) -> impl Future<Output = Result<(), StartError>> + Send + 'static {
        let spec = patient().child(self.0.spec());
        async { Supervisor::start(spec).await.map(drop) }
    }
}

supervisor! {
    struct CarelessTree(part: Part) {
        #[child(name = "careless")]
        careless: Careless(part.clone()),
    }
}

#[noex::test]
async fn ap_09_nothing_of_the_application_survives_stop() -> Tested {
    let (log, apps, events) = (Log::default(), applications(), Events::listen());
    let [a, b] = log.parts(["a", "b"]);
    apps.load(Application::new("careless", move || {
        CarelessTree::start(a.clone())
    }))?;
    apps.load(app(&b, "b", &log))?;
    apps.start("b").await?;
    let outside = Worker::start(b.clone()).await?;
    let before = System::current().processes();
    apps.start("careless").await?;
    let careless = Careless::named("careless");
    careless.start_other().await?;
    careless.start_tree().await?;
    assert_eq!(System::current().processes().len(), before.len() + 5);
    let report = apps.stop("careless").await?;
    assert!(report.is_clean(), "{report}");
    // All that it started, and nothing else.
    assert_eq!(System::current().processes(), before);
    assert_eq!(
        events.count(Level::WARN, &["without a supervisor", "Worker"]),
        1
    );
    assert!(outside.is_alive());
    outside.stop().await?;
    apps.shutdown().await;
    Ok(())
}

/// Starts one process after the other, from a task beside it.
struct Restless;

struct Tiny;

#[gen_server]
impl Tiny {
    #[init]
    fn new() -> Self {
        Self
    }
}

#[gen_server]
impl Restless {
    #[init]
    fn new(cx: &mut Ctx<Self>) -> Self {
        cx.spawn(async {
            for _ in 0..5 {
                let _ = Tiny::start().await;
                tokio::task::yield_now().await;
            }
        });
        Self
    }
}

/// A task that is aborted may be in the middle of a poll, on another worker, and start something at the last moment.
async fn restless_stops(rounds: u32) -> Tested {
    let apps = applications();
    apps.load(Application::new("restless", Restless::start))?;
    for round in 0..rounds {
        apps.start("restless").await?;
        assert!(apps.stop("restless").await?.is_clean());
        assert_eq!(System::current().processes(), [], "round {round}");
    }
    Ok(())
}

#[noex::test(workers = 1)]
async fn ap_09_late_starts_survive_no_stop() -> Tested {
    restless_stops(20_000).await
}

#[noex::test(workers = 2)]
async fn ap_09_late_starts_survive_no_stop_on_two_workers() -> Tested {
    restless_stops(20_000).await
}

#[noex::test(workers = 8)]
async fn ap_09_late_starts_survive_no_stop_on_eight_workers() -> Tested {
    restless_stops(20_000).await
}

#[noex::test]
async fn ap_13_stopping_one_application_spares_others() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let parts = log.parts(["a", "b", "c", "d"]);
    let kinds = [
        ("a", Restart::Permanent),
        ("b", Restart::Transient),
        ("c", Restart::Temporary),
    ];
    for (part, (name, kind)) in parts.iter().zip(kinds) {
        apps.load(app(part, name, &log).restart(kind))?;
    }
    apps.load(app(&parts[3], "d", &log).depends_on(["a", "b", "c"]))?;
    apps.ensure_all_started("d").await?;
    log.take();
    for (name, _) in kinds {
        assert!(apps.stop(name).await?.is_clean());
        assert_eq!(log.take(), stop_of(name));
        assert!(parts[3].is_alive());
    }
    assert_eq!(apps.running(), ["d".into()]);
    assert_eq!(System::current().phase(), noex::Phase::Idle);
    assert_eq!(apps.ensure_all_started("d").await?.len(), 3);
    apps.shutdown().await;
    Ok(())
}

#[noex::test(paused)]
async fn report_names_what_was_slow_and_where() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let parts = log.parts(["slow", "quick", "hanging"]);
    let [slow, quick, hanging] = &parts;
    slow.ends(End::Hang);
    hanging.ends(End::Hang);
    let (own, inner) = (slow.spec().shutdown(within(100)), hanging.spec());
    let quick = quick.spec();
    // `slow` is over its own limit; what hangs below has none.
    apps.load(
        Application::new("shop", move || {
            let storage =
                Spec::new("storage").child(inner.clone().shutdown(noex::Shutdown::Infinity));
            let spec = patient().child(quick.clone());
            Supervisor::start(
                spec.child(Supervisor::child_spec(storage))
                    .child(own.clone()),
            )
        })
        .stop_timeout(ms(500)),
    )?;
    apps.start("shop").await?;
    let pids = [slow.pid(), hanging.pid()];
    let begun = tokio::time::Instant::now();
    let report = apps.stop("shop").await?;
    assert_eq!(begun.elapsed().as_millis() / 10, 50);
    assert!(!report.is_clean());
    let mut unclean: Vec<_> = report
        .unclean
        .iter()
        .map(|u| (&*u.path, u.pid, u.stuck))
        .collect();
    unclean.sort();
    let expected = [
        ("shop/quick", parts[1].pid(), false),
        ("storage/hanging", pids[1], false),
        ("tree/slow", pids[0], false),
    ];
    assert_eq!(unclean, expected, "{report}");
    assert!(report.to_string().contains("`storage/hanging`"));
    assert_eq!(System::current().processes(), []);
    Ok(())
}

supervisor! {
    struct Spinning(free: Arc<AtomicBool>) {
        #[child(name = "spinner", shutdown = brutal_kill)]
        spinner: Spinner(free.clone()),
    }
}

#[noex::test(workers = 2)]
async fn what_does_not_yield_is_reported_as_stuck() -> Tested {
    let apps = applications();
    let free = Arc::new(AtomicBool::new(false));
    let flag = free.clone();
    let spinning = Application::new("spinning", move || Spinning::start(flag.clone()));
    apps.load(spinning.stopped(panics))?;
    apps.start("spinning").await?;
    let spinner: SpinnerRef = Spinner::named("spinner");
    let pid = spinner.pid().expect("it runs");
    spinner.spin()?;
    // Killed before it spins, it would end like any other.
    while spinner.queue_len() > 0 {
        tokio::task::yield_now().await;
    }
    let report = apps.stop("spinning").await?;
    let stuck: Vec<_> = report.stuck().map(|u| (&*u.path, u.pid)).collect();
    assert_eq!(stuck, [("Spinning/spinner", pid)], "{report}");
    assert!(report.to_string().contains("still runs"));
    // A hook that panics is told as well, and does no harm.
    assert!(matches!(
        &*report.failed_hooks,
        [("stopped", ExitReason::Panic { .. })]
    ));
    assert_eq!(apps.running(), []);
    free.store(true, Release);
    spinner.exited().await;
    Ok(())
}

#[noex::test(paused)]
async fn hook_that_hangs_is_given_up() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let a = log.part("a");
    let hanging = app(&a, "a", &log).prep_stop(|_| std::future::pending::<()>());
    apps.load(hanging.stop_timeout(ms(200)))?;
    apps.start("a").await?;
    let begun = tokio::time::Instant::now();
    let report = apps.stop("a").await?;
    assert_eq!(begun.elapsed().as_millis() / 10, 20);
    assert_eq!(report.failed_hooks, [("prep_stop", ExitReason::Killed)]);
    // Nothing was left of the time for the tree.
    assert_eq!(report.unclean.len(), 1);
    assert_eq!(log.take().last().map(String::as_str), Some("a stopped"));
    Ok(())
}

#[noex::test(paused)]
async fn stop_of_a_starting_application_gives_it_up() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let [a, b] = log.parts(["a", "b"]);
    b.always(crate::parts::Begin::Hang);
    let specs = (a.clone(), b.clone());
    apps.load(Application::new("app", move || {
        let (a, b) = &specs;
        Supervisor::start(patient().child(a.spec()).child(b.spec()))
    }))?;
    let starting = tokio::spawn({
        let apps = apps.clone();
        async move { apps.start("app").await }
    });
    b.beginning(1).await;
    log.take();
    let report = apps.stop("app").await?;
    assert!(report.is_clean(), "{report}");
    // What was up is stopped in order.
    assert_eq!(log.take(), ["a stops (shutdown)", "a gone"]);
    let outcome = starting.await?;
    assert!(
        matches!(outcome, Err(ApplicationError::Cancelled(_))),
        "{outcome:?}"
    );
    assert_eq!(System::current().processes(), []);
    Ok(())
}

#[test]
fn application_of_a_runtime_that_is_gone_is_over() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let apps = system.applications();
    let [a, b] = log.parts(["a", "b"]);
    b.next([crate::parts::Begin::Hang]);
    apps.load(app(&a, "a", &log))?;
    apps.load(app(&b, "b", &log))?;
    let begin = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
    };
    let runtime = begin()?;
    runtime.block_on(apps.start("a"))?;
    let starting = runtime.spawn({
        let apps = apps.clone();
        async move { apps.start("b").await }
    });
    runtime.block_on(b.beginning(1));
    drop(runtime);
    drop(starting);
    assert_eq!(apps.running(), []);
    // It can be started elsewhere.
    let runtime = begin()?;
    runtime.block_on(async {
        apps.start("a").await?;
        apps.start("b").await?;
        let reports = apps.shutdown().await;
        assert!(
            reports.iter().all(|report| report.is_clean()),
            "{reports:?}"
        );
        Ok(())
    })
}
