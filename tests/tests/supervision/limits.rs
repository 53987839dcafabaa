//! Children that do not end when asked, and supervisors that are killed.

use super::parts::{
    Begin, End, Log, Part, Spinner, SpinnerRef, Tested, Worker, ms, patient, start, state, tree_of,
    within,
};
use noex::Shutdown;
use noex::prelude::*;
use noex::supervisor::{ChildError, ChildState, Spec, Supervisor, TreeHandle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Acquire, Ordering::Release};
use std::time::{Duration, Instant as Wall};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn sh_02_brutal_kill_skips_terminate() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let spec = patient()
        .child(a.spec())
        .child(b.spec().shutdown(Shutdown::BrutalKill));
    let (tree, _) = start(spec).await?;
    log.take();
    let stopped = tree.stop().await?;
    assert_eq!(log.take(), ["b gone", "a stops (shutdown)", "a gone"]);
    assert_eq!(b.now().exit_reason(), Some(ExitReason::Killed));
    assert!(stopped.is_clean(), "it is as its spec says: {stopped:?}");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_03_overdue_child_is_killed() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    b.ends(End::After(Duration::from_secs(5)));
    let spec = patient()
        .child(a.spec())
        .child(b.spec().shutdown(within(50)));
    let (tree, _) = start(spec.child(c.spec())).await?;
    log.take();
    let begun = Instant::now();
    let stopped = tree.stop().await?;
    assert_eq!(begun.elapsed().as_millis() / 5, 10);
    let expected = [
        "c stops (shutdown)",
        "c gone",
        "b stops (shutdown)",
        "b gone",
        "a stops (shutdown)",
        "a gone",
    ];
    assert_eq!(log.take(), expected);
    assert_eq!(b.now().exit_reason(), Some(ExitReason::Killed));
    let [late] = stopped.unclean() else {
        panic!("{stopped:?}");
    };
    assert_eq!(
        (&*late.path, Some(late.pid), late.stuck),
        ("tree/b", b.now().pid(), false)
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_04_infinity_waits() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let hour = Duration::from_secs(3_600);
    a.ends(End::After(hour));
    b.ends(End::After(hour));
    let inner = Spec::new("inner").child(b.spec().shutdown(Shutdown::Infinity));
    let spec = patient().child(a.spec().shutdown(Shutdown::Infinity));
    let (tree, _) = start(spec.child(Supervisor::child_spec(inner))).await?;
    let begun = Instant::now();
    assert!(tree.stop().await?.is_clean());
    assert_eq!(begun.elapsed().as_secs(), 7_200);
    Ok(())
}

supervisor! {
    struct Nest(one: Part, two: Part, three: Part) {
        a: Worker(one.clone()),
        #[child(shutdown = 50ms)]
        inner: {
            b: Worker(two.clone()),
            deep: {
                c: Worker(three.clone()),
            },
        },
    }
}

#[tokio::test(start_paused = true)]
async fn sh_10_killed_supervisor_leaves_no_children() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let nest = Nest::start(a.clone(), b.clone(), c.clone());
    let nest = nest.system(&system).await?;
    // Also one that never comes back from a handler, and one that never comes up.
    let [hanging, starting] = log.parts(["hanging", "starting"]);
    nest.inner().start_child(hanging.spec()).await?;
    hanging.now().hang()?;
    starting.always(Begin::Hang);
    let adding = tokio::spawn({
        let (inner, spec) = (nest.inner(), starting.spec());
        async move { inner.start_child(spec).await }
    });
    starting.beginning(1).await;
    c.now().trap()?;
    c.now().ping().await?;
    log.take();
    nest.kill();
    assert_eq!(nest.exited().await, ExitReason::Killed);
    assert_eq!(system.processes(), []);
    let mut happened = log.take();
    happened.sort();
    assert_eq!(
        happened,
        [
            "a gone",
            "b gone",
            "c gone",
            "c stops (killed)",
            "hanging gone"
        ]
    );
    for part in [a, b, c, hanging] {
        assert_eq!(
            (part.now().exit_reason(), part.begun()),
            (Some(ExitReason::Killed), 1)
        );
    }
    assert!(adding.await?.is_err());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_subtree_that_is_late_is_killed_as_a_whole() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let [a, b, c] = log.parts(["a", "b", "c"]);
    c.ends(End::After(Duration::from_secs(4)));
    let nest = Nest::start(a.clone(), b.clone(), c.clone());
    let nest = nest.system(&system).await?;
    log.take();
    let begun = Instant::now();
    let stopped = nest.stop().await?;
    assert_eq!(begun.elapsed().as_millis() / 5, 10);
    assert_eq!(system.processes(), []);
    let mut happened = log.take();
    happened.sort();
    let expected = [
        "a gone",
        "a stops (shutdown)",
        "b gone",
        "c gone",
        "c stops (shutdown)",
    ];
    assert_eq!(happened, expected);
    assert!(
        stopped
            .unclean()
            .iter()
            .any(|it| it.path == "Nest/inner" && !it.stuck)
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_18_backlog_counts_against_the_limit() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let (tree, _) = start(patient().child(a.spec().shutdown(within(200)))).await?;
    for _ in 0..1_000 {
        a.now().rest(ms(1)).expect("there is room");
    }
    log.take();
    let begun = Instant::now();
    assert!(!tree.stop().await?.is_clean());
    assert_eq!(begun.elapsed().as_millis() / 5, 40);
    assert_eq!(log.take(), ["a gone"]);
    let handled = a.now().handled();
    assert!((90..=200).contains(&handled), "{handled}");
    Ok(())
}

async fn spun(tree: &TreeHandle) {
    while state(tree, "spinner").await == Some(ChildState::Running) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stuck_child_is_reported_and_holds_nobody_up() -> Tested {
    let (log, free) = (Log::default(), Arc::new(AtomicBool::new(false)));
    let [a, b] = log.parts(["a", "b"]);
    let spinner = Spinner::child_spec(free.clone())
        .id("spinner")
        .name("spinner");
    let spec = patient()
        .child(a.spec())
        .child(spinner.shutdown(within(20)));
    let (tree, system) = start(spec.child(b.spec())).await?;
    let named = SpinnerRef::from(Process::named_in(&system, "spinner"));
    let stuck = named.current().expect("it runs");
    stuck.spin()?;
    while stuck.queue_len() > 0 {
        tokio::task::yield_now().await;
    }
    // Its supervisor answers meanwhile.
    let terminating = tokio::spawn({
        let tree = tree.clone();
        async move { tree.terminate_child("spinner").await }
    });
    spun(&tree).await;
    assert_eq!(state(&tree, "spinner").await, Some(ChildState::Stopping));
    let told = terminating.await?;
    assert!(
        matches!(told, Err(CallError::Failed(ChildError::Stuck))),
        "{told:?}"
    );
    // Nobody says that it is gone: its name is taken, it cannot be started again.
    assert!(stuck.is_alive() && named.pid() == stuck.pid());
    assert!(tree.restart_child("spinner").await.is_err());
    let stopped = tree.stop().await?;
    let [it] = stopped.unclean() else {
        panic!("{stopped:?}");
    };
    assert_eq!(
        (&*it.path, Some(it.pid), it.stuck),
        ("tree/spinner", stuck.pid(), true)
    );
    assert!(!a.is_alive() && !b.is_alive() && stuck.is_alive());
    free.store(true, Release);
    assert_eq!(stuck.exited().await, ExitReason::Killed);
    Ok(())
}

struct Sluggish;

#[gen_server]
impl Sluggish {
    #[init]
    fn new(begun: Arc<AtomicBool>, free: Arc<AtomicBool>) -> Self {
        begun.store(true, Release);
        while !free.load(Acquire) {
            std::thread::yield_now();
        }
        Self
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_child_that_comes_up_when_it_was_given_up_is_stopped() -> Tested {
    let [begun, free] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
    let (tree, system) = start(patient()).await?;
    let spec = Sluggish::child_spec(begun.clone(), free.clone()).id("sluggish");
    let adding = tokio::spawn({
        let tree = tree.clone();
        async move { tree.start_child(spec).await }
    });
    while !begun.load(Acquire) {
        tokio::task::yield_now().await;
    }
    // What a child does in its first steps keeps nobody from asking.
    assert_eq!(state(&tree, "sluggish").await, Some(ChildState::Starting));
    let told = tree.terminate_child("sluggish").await;
    assert!(
        matches!(told, Err(CallError::Failed(ChildError::Stuck))),
        "{told:?}"
    );
    assert!(matches!(
        adding.await?,
        Err(CallError::Failed(ChildError::Cancelled))
    ));
    free.store(true, Release);
    let stopped = async {
        while state(&tree, "sluggish").await != Some(ChildState::Stopped) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), stopped).await?;
    assert_eq!(system.processes().len(), 1);
    assert!(tree.stop().await?.is_clean());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stop_is_bounded_when_a_child_is_stuck() -> Tested {
    let free = Arc::new(AtomicBool::new(false));
    let spinner = Spinner::child_spec(free.clone())
        .id("spinner")
        .name("spinner");
    let inner = Spec::new("inner").child(spinner.shutdown(within(20)));
    let (tree, system) = start(patient().child(Supervisor::child_spec(inner))).await?;
    let spinner = SpinnerRef::from(Process::named_in(&system, "spinner"));
    let spinner = spinner.current().expect("it runs");
    spinner.spin()?;
    while spinner.queue_len() > 0 {
        tokio::task::yield_now().await;
    }
    let begun = Wall::now();
    let stopped = tree.stop().await?;
    assert!(begun.elapsed() < Duration::from_secs(10));
    let [it] = stopped.unclean() else {
        panic!("{stopped:?}");
    };
    assert_eq!((&*it.path, it.stuck), ("inner/spinner", true));
    free.store(true, Release);
    spinner.exited().await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn an_init_that_takes_too_long_is_given_up() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    b.next([Begin::Hang]);
    let begun = Instant::now();
    let error = start(Spec::new("tree").child(a.spec()).child(b.spec())).await;
    let error = error.expect_err("b hangs").to_string();
    assert_eq!(begun.elapsed().as_secs(), 5);
    assert!(error.contains("took longer than 5s"), "{error}");
    assert!(!a.is_alive());
    // At a restart it is a failure like any other; the next attempt may do better.
    b.next([Begin::Well, Begin::Hang]);
    let tree = tree_of(patient(), [&a, &b]).await?;
    b.now().kill();
    b.life(2).await;
    assert_eq!(begun.elapsed().as_secs(), 10);
    assert_eq!(tree.children().await?[1].restarts, 2);
    tree.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_subtree_that_takes_too_long_to_start_is_given_up() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let [a, b, c] = log.parts(["a", "b", "c"]);
    b.always(Begin::After(Duration::from_secs(4)));
    let inner = Spec::new("inner").child(a.spec()).child(b.spec());
    let inner = noex::ChildSpec::new::<Supervisor>("inner", move || {
        Supervisor::start(inner.clone()).timeout(Duration::from_secs(1))
    });
    let begun = Instant::now();
    let tree = Supervisor::start(patient().child(c.spec()).child(inner.clone()));
    let error = tree.system(&system).await.expect_err("it is too slow");
    assert!(error.to_string().contains("took longer than 1s"), "{error}");
    assert_eq!(begun.elapsed().as_secs(), 1);
    assert_eq!(system.processes(), []);
    // Nor does a root outlive its own limit.
    let spec = patient().child(c.spec()).child(b.spec());
    let late = Supervisor::start(spec)
        .system(&system)
        .timeout(Duration::from_secs(1));
    assert!(matches!(late.await, Err(StartError::Timeout { .. })));
    assert_eq!(system.processes(), []);
    Ok(())
}
