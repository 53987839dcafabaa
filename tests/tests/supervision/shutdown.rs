//! The end of a tree, in order.

use super::events::Events;
use super::parts::{
    Begin, End, Log, Part, Tested, Worker, ids, ms, patient, start, tree_of, within,
};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor, TreeHandle};
use noex::{Restart, Shutdown};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Level;

#[tokio::test(start_paused = true)]
async fn sh_01_stop_is_reverse_and_sequential() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    for part in [&a, &b, &c] {
        part.ends(End::After(ms(100)));
    }
    let tree = tree_of(patient(), [&a, &b, &c]).await?;
    let begun = Instant::now();
    assert!(tree.stop().await?.is_clean());
    let expected = [
        "c stops (shutdown)",
        "c gone",
        "b stops (shutdown)",
        "b gone",
        "a stops (shutdown)",
        "a gone",
    ];
    assert_eq!(log.take(), expected);
    assert_eq!(begun.elapsed().as_millis() / 10, 30);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_07_deaths_during_shutdown_keep_their_reasons() -> Tested {
    let log = Log::default();
    let [a, b, c, d] = log.parts(["a", "b", "c", "d"]);
    d.ends(End::After(ms(100)));
    let tree = tree_of(Spec::new("tree").intensity(0, ms(1)), [&a, &b, &c, &d]).await?;
    let stopping = tokio::spawn({
        let tree = tree.clone();
        async move { tree.stop().await }
    });
    tokio::time::sleep(ms(10)).await;
    let broken = ExitReason::from_error("broken");
    a.now().end_with(&ExitReason::Normal).await;
    b.now().end_with(&broken).await;
    c.now().end_with(&ExitReason::Killed).await;
    assert!(stopping.await??.is_clean());
    assert_eq!(a.now().exit_reason(), Some(ExitReason::Normal));
    assert_eq!(b.now().exit_reason(), Some(broken));
    assert_eq!(c.now().exit_reason(), Some(ExitReason::Killed));
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    assert_eq!((a.begun(), b.begun(), c.begun(), d.begun()), (1, 1, 1, 1));
    Ok(())
}

struct Starter;

#[gen_server]
impl Starter {
    #[init]
    fn new() -> Self {
        Self
    }

    /// Starts a tree as its own.
    #[call]
    async fn own(&self, part: Part) -> TreeHandle {
        let spec = patient().child(part.spec());
        Supervisor::start(spec).link().await.expect("it starts")
    }

    #[cast]
    fn end(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }
}

#[tokio::test(start_paused = true)]
async fn sh_11_parents_exit_takes_the_tree_down() -> Tested {
    let log = Log::default();
    for reason in [
        ExitReason::Normal,
        ExitReason::Shutdown,
        ExitReason::from_error("broken"),
    ] {
        let a = log.part("a");
        let parent = Starter::start().await?;
        let tree = parent.own(a.clone()).await?;
        log.take();
        parent.end(reason.clone())?;
        assert_eq!(tree.exited().await, reason);
        assert_eq!(log.take(), ["a stops (shutdown)", "a gone"]);
    }
    let a = log.part("a");
    let nest = Nest::start([&a; 4].map(Part::clone)).await?;
    log.take();
    nest.stopping().reason(ExitReason::Normal).await?;
    assert!(log.take().contains(&"a stops (shutdown)".into()));
    assert!(!nest.inner().is_alive());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_12_custom_stop_reason_is_the_supervisors_own() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    for reason in [
        ExitReason::ShutdownWith("enough".into()),
        ExitReason::from_error("custom"),
    ] {
        let tree = tree_of(patient(), [&a]).await?;
        tree.stopping().reason(reason.clone()).await?;
        assert_eq!(tree.exited().await, reason);
        assert_eq!(log.take(), ["a stops (shutdown)", "a gone"]);
    }
    Ok(())
}

supervisor! {
    struct Nest(parts: [Part; 4]) {
        a: Worker(parts[0].clone()),
        inner: {
            b: Worker(parts[1].clone()),
            deep: {
                c: Worker(parts[2].clone()),
            },
        },
        d: Worker(parts[3].clone()),
    }
}

#[tokio::test(start_paused = true)]
async fn sh_13_nested_trees_stop_depth_first() -> Tested {
    let log = Log::default();
    let parts = log.parts(["a", "b", "c", "d"]);
    for part in &parts {
        part.ends(End::After(ms(50)));
    }
    let nest = Nest::start(parts.clone()).await?;
    log.take();
    nest.stop().await?;
    let expected =
        ["d", "c", "b", "a"].map(|id| [format!("{id} stops (shutdown)"), format!("{id} gone")]);
    assert_eq!(log.take(), expected.concat());
    Ok(())
}

#[noex::test(workers = 2)]
async fn sh_14_nothing_lives_when_stop_returns() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let [a, b] = log.parts(["a", "b"]);
    for round in 0..20_000 {
        let inner = Spec::new("inner")
            .child(a.spec().name("a"))
            .child(b.spec().name("b"));
        let spec = patient().child(Supervisor::child_spec(inner));
        let tree = Supervisor::start(spec).name("tree").system(&system).await?;
        if round % 2 == 0 {
            tree.terminate_child("inner").await?;
            assert_eq!(system.processes(), [tree.pid().expect("it runs")]);
            assert_eq!(system.registry().names(), ["tree".into()]);
        }
        tree.stop().await?;
        assert_eq!(system.processes(), []);
        assert_eq!(system.registry().names(), []);
        log.take();
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_15_shutdown_aborts_a_hanging_start() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let [a, b, c] = log.parts(["a", "b", "c"]);
    b.always(Begin::Hang);
    let inner = Spec::new("inner").child(a.spec()).child(b.spec());
    let spec = patient().child(c.spec());
    let tree = Supervisor::start(spec).system(&system).await?;
    let begun = Instant::now();
    // An added subtree hangs; the answer to who added it is that the supervisor ends.
    let adding = tokio::spawn({
        let tree = tree.clone();
        async move { tree.start_child(Supervisor::child_spec(inner)).await }
    });
    b.beginning(1).await;
    log.take();
    assert!(tree.stop().await?.is_clean());
    assert!(adding.await?.is_err());
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(
        log.take(),
        [
            "a stops (shutdown)",
            "a gone",
            "c stops (shutdown)",
            "c gone"
        ]
    );
    assert!(system.processes().is_empty());
    // The same while the root itself starts.
    let spec = patient().child(c.spec()).child(b.spec());
    let starting = Supervisor::start(spec).system(&system);
    let late = tokio::time::timeout(ms(100), starting).await;
    assert!(late.is_err());
    tokio::task::yield_now().await;
    assert_eq!(system.processes(), []);
    Ok(())
}

/// How long it takes to start and stop so many children.
async fn start_and_stop(children: usize) -> Result<Duration, Box<dyn std::error::Error>> {
    let part = Log::default().part("one of many");
    let ids = 0..children / 2;
    let spec = ids.clone().fold(patient(), |spec, n| {
        spec.child(part.spec().id(n.to_string()))
    });
    let begun = std::time::Instant::now();
    let (tree, system) = start(spec).await?;
    for n in ids {
        tree.start_child(part.spec().id(format!("added {n}")))
            .await?;
    }
    assert!(tree.stop().await?.is_clean());
    let took = begun.elapsed();
    assert_eq!((part.lives(), system.processes().len()), (children, 0));
    Ok(took)
}

#[tokio::test]
async fn sh_16_stopping_many_children_is_linear() -> Tested {
    let (mut few, mut many) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        few = few.min(start_and_stop(1_250).await?);
        many = many.min(start_and_stop(10_000).await?);
    }
    // Eight times as many: 64 times as long if it were quadratic.
    assert!(many < few * 24, "{few:?} for 1,250, {many:?} for 10,000");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_17_permanent_child_ending_normal_is_reported() -> Tested {
    let log = Log::default();
    let [permanent, transient, temporary] = log.parts(["permanent", "transient", "temporary"]);
    for part in [&permanent, &transient, &temporary] {
        part.ends(End::With(ExitReason::Normal));
    }
    let events = Events::listen();
    let spec = patient().child(permanent.spec());
    let spec = spec.child(transient.spec().restart(Restart::Transient));
    let (tree, _) = start(spec.child(temporary.spec().restart(Restart::Temporary))).await?;
    tree.stop().await?;
    let told = events.at(Level::WARN);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        events.count(Level::WARN, &["child=\"permanent\"", "reason=normal"]),
        1
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_19_kill_cuts_terminate_short() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    a.ends(End::Hang);
    let (tree, _) = start(patient().child(a.spec().shutdown(Shutdown::Infinity))).await?;
    log.take();
    let stopping = tokio::spawn({
        let tree = tree.clone();
        async move { tree.stop().await }
    });
    tokio::time::sleep(ms(5)).await;
    assert_eq!(log.take(), ["a stops (shutdown)"]);
    a.now().kill();
    assert_eq!(a.now().exited().await, ExitReason::Killed);
    assert_eq!(log.take(), ["a gone"]);
    stopping.await??;
    assert_eq!(a.begun(), 1);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn what_was_killed_before_is_not_in_the_report_of_the_stop() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    a.ends(End::Hang);
    let spec = patient()
        .child(a.spec().shutdown(within(10)))
        .child(b.spec());
    let (tree, _) = start(spec).await?;
    tree.terminate_child("a").await?;
    assert_eq!(a.now().exit_reason(), Some(ExitReason::Killed));
    assert_eq!(ids(&tree).await, ["a", "b"]);
    assert!(tree.stop().await?.is_clean());
    Ok(())
}
