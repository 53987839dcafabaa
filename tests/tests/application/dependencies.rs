//! Which application starts when.

use crate::apps::{app, applications, stop_of};
use crate::parts::{Begin, Log, Tested, ms};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{Application, ApplicationError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use tokio::sync::Barrier;

#[noex::test]
async fn ap_01_missing_dependency_is_named() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let [a, b] = log.parts(["a", "b"]);
    apps.load(app(&a, "a", &log))?;
    apps.load(app(&b, "b", &log).depends_on(["a", "never"]))?;
    for missing in ["a", "never"] {
        let error = apps.start("b").await.expect_err("a is not up");
        assert!(
            matches!(&error, ApplicationError::NotStarted { application, dependency }
                if &**application == "b" && &**dependency == missing),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .contains(&format!("`b` needs `{missing}`"))
        );
        if missing == "a" {
            assert_eq!(log.take(), [""; 0]);
            apps.start("a").await?;
        }
    }
    let error = apps.ensure_all_started("b").await.expect_err("not loaded");
    assert!(matches!(&error, ApplicationError::NotLoaded(name) if &**name == "never"));
    assert_eq!(b.begun(), 0);
    assert!(matches!(
        apps.load(app(&a, "a", &log)),
        Err(ApplicationError::AlreadyLoaded(_))
    ));
    apps.shutdown().await;
    Ok(())
}

#[noex::test(paused)]
async fn ap_02_dependencies_start_first() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let parts = log.parts(["a", "b", "c", "d"]);
    let [a, b, c, d] = &parts;
    a.always(Begin::After(ms(50)));
    // d needs b and c, which both need a.
    let phase = log.clone();
    let slow = app(a, "a", &log).start_phase("late", move |_| {
        let log = phase.clone();
        async move {
            tokio::time::sleep(ms(50)).await;
            log.note("a late");
        }
    });
    apps.load(app(d, "d", &log).depends_on(["b", "c"]))?;
    apps.load(app(c, "c", &log).depends_on(["a"]))?;
    apps.load(app(b, "b", &log).depends_on(["a"]))?;
    apps.load(slow)?;
    assert_eq!(
        apps.ensure_all_started("c").await?,
        ["a".into(), "c".into()]
    );
    assert_eq!(
        log.take(),
        ["a starts", "a up", "a late", "c starts", "c up"]
    );
    // What is up already is not among what was started.
    assert_eq!(
        apps.ensure_all_started("d").await?,
        ["b".into(), "d".into()]
    );
    assert_eq!(log.take(), ["b starts", "b up", "d starts", "d up"]);
    assert_eq!(apps.ensure_all_started("d").await?, []);
    assert_eq!(apps.running(), ["a", "c", "b", "d"].map(Into::into));
    apps.shutdown().await;
    Ok(())
}

#[noex::test]
async fn applications_that_need_each_other_are_refused() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let part = log.part("part");
    apps.load(app(&part, "a", &log).depends_on(["b"]))?;
    apps.load(app(&part, "b", &log).depends_on(["c"]))?;
    apps.load(app(&part, "c", &log).depends_on(["b"]))?;
    let error = apps.ensure_all_started("a").await.expect_err("a circle");
    assert_eq!(
        error.to_string(),
        "applications depend on each other: `b` -> `c` -> `b`"
    );
    Ok(())
}

#[noex::test]
async fn ap_03_failed_start_rolls_back_its_own() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let [a, b, c, d] = log.parts(["a", "b", "c", "d"]);
    apps.load(app(&a, "a", &log))?;
    apps.load(app(&b, "b", &log).depends_on(["a"]))?;
    apps.load(app(&c, "c", &log).depends_on(["b"]))?;
    apps.load(app(&d, "d", &log).depends_on(["c"]))?;
    d.next([Begin::Fail]);
    apps.start("a").await?;
    log.take();
    let error = apps.ensure_all_started("d").await.expect_err("d fails");
    assert!(
        matches!(&error, ApplicationError::Failed { application, .. } if &**application == "d")
    );
    let mut expected: Vec<String> = ["b starts", "b up", "c starts", "c up", "d starts"]
        .map(Into::into)
        .into();
    expected.extend(stop_of("c"));
    expected.extend(stop_of("b"));
    assert_eq!(log.take(), expected);
    assert_eq!(apps.running(), ["a".into()]);
    // And it can be tried again.
    let started = apps.ensure_all_started("d").await?;
    assert_eq!(started, ["b", "c", "d"].map(Into::into));
    apps.shutdown().await;
    Ok(())
}

#[noex::test]
async fn ap_04_second_start_changes_nothing() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let a = log.part("a");
    apps.load(app(&a, "a", &log))?;
    apps.start("a").await?;
    let (pid, processes) = (a.pid(), System::current().processes());
    log.take();
    let error = apps.start("a").await.expect_err("it is up");
    assert!(matches!(&error, ApplicationError::AlreadyStarted(name) if &**name == "a"));
    assert_eq!(log.take(), [""; 0]);
    assert_eq!((a.pid(), System::current().processes()), (pid, processes));
    apps.shutdown().await;
    Ok(())
}

/// Tasks that start one application at once, round after round; in every third round it fails.
async fn racing_starts(rounds: u32) -> Tested {
    const TASKS: usize = 3;
    let apps = applications();
    let (starts, round) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (counter, now) = (starts.clone(), round.clone());
    apps.load(Application::new("app", move || {
        counter.fetch_add(1, SeqCst);
        // A window of zero is refused.
        let window = ms(u64::from(now.load(SeqCst) % 3));
        Supervisor::start(Spec::new("tree").intensity(1, window))
    }))?;
    let barrier = Arc::new(Barrier::new(TASKS));
    for n in 0..rounds {
        round.store(n, SeqCst);
        starts.store(0, SeqCst);
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let (apps, barrier) = (apps.clone(), barrier.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    apps.start("app").await
                })
            })
            .collect();
        let mut outcomes = Vec::new();
        for task in tasks {
            outcomes.push(task.await?);
        }
        let fails = n % 3 == 0;
        for outcome in &outcomes {
            match outcome {
                Ok(()) | Err(ApplicationError::AlreadyStarted(_)) if !fails => {}
                Err(ApplicationError::Failed { .. }) if fails => {}
                other => panic!("round {n}: {other:?}"),
            }
        }
        if fails {
            // Whoever came after a failure has tried anew.
            assert!((1..=TASKS as u32).contains(&starts.load(SeqCst)));
            assert_eq!(System::current().processes(), []);
        } else {
            assert_eq!(starts.load(SeqCst), 1, "round {n}");
            assert!(outcomes.iter().any(Result::is_ok));
            assert!(apps.stop("app").await?.is_clean());
        }
    }
    Ok(())
}

#[noex::test(workers = 1)]
async fn ap_05_racing_starts_share_one_outcome() -> Tested {
    racing_starts(20_000).await
}

#[noex::test(workers = 2)]
async fn ap_05_racing_starts_share_one_outcome_on_two_workers() -> Tested {
    racing_starts(20_000).await
}

#[noex::test(workers = 8)]
async fn ap_05_racing_starts_share_one_outcome_on_eight_workers() -> Tested {
    racing_starts(20_000).await
}

#[noex::test(paused)]
async fn ap_05_both_wait_for_a_slow_start() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let a = log.part("a");
    a.next([Begin::After(ms(100)), Begin::After(ms(100))]);
    apps.load(app(&a, "a", &log))?;
    let (one, two) = (apps.clone(), apps.clone());
    let begun = tokio::time::Instant::now();
    let one = tokio::spawn(async move { (one.start("a").await, begun.elapsed()) });
    a.beginning(1).await;
    let two = tokio::spawn(async move { (two.ensure_all_started("a").await, begun.elapsed()) });
    let ((first, one), (second, two)) = (one.await?, two.await?);
    first?;
    // Somebody else has started it, and was waited for.
    assert_eq!(second?, []);
    assert_eq!([one, two].map(|took| took.as_millis() / 10), [10, 10]);
    assert_eq!(a.begun(), 1);
    // A start goes on without whoever asked for it.
    assert!(apps.stop("a").await?.is_clean());
    assert!(tokio::time::timeout(ms(10), apps.start("a")).await.is_err());
    a.life(2).await;
    apps.shutdown().await;
    Ok(())
}
