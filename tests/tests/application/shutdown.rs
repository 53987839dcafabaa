//! The end of a program.

use crate::apps::{app, applications, stop_of};
use crate::parts::{Begin, End, Log, Tested, ms};
use noex::prelude::*;
use noex::{ApplicationError, Phase};
use tokio::time::Instant;

#[noex::test(paused)]
async fn ap_14_program_stop_is_newest_first_and_bounded() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let parts = log.parts(["a", "b", "c"]);
    let [a, b, c] = &parts;
    b.ends(End::Hang);
    c.ends(End::After(ms(40)));
    apps.load(app(a, "a", &log))?;
    let hanging = b.clone();
    apps.load(app(&hanging, "b", &log).stop_timeout(ms(100)))?;
    apps.load(app(c, "c", &log))?;
    for name in ["a", "b", "c"] {
        apps.start(name).await?;
    }
    log.take();
    let begun = Instant::now();
    let stopping = tokio::spawn({
        let apps = apps.clone();
        async move { apps.shutdown().await }
    });
    tokio::time::sleep(ms(10)).await;
    // Nobody waits while the program stops.
    for refused in [
        apps.start("a").await,
        apps.ensure_all_started("a").await.map(drop),
        apps.stop("a").await.map(drop),
    ] {
        assert!(matches!(refused, Err(ApplicationError::ShuttingDown)));
    }
    assert_eq!(begun.elapsed(), ms(10));
    // Calling it again is harmless.
    let reports = apps.shutdown().await;
    assert_eq!(stopping.await?, reports);
    assert_eq!(begun.elapsed().as_millis() / 10, 14);
    let mut expected: Vec<String> = stop_of("c").into();
    expected.extend(["b prep_stop", "b stops (shutdown)", "b gone", "b stopped"].map(Into::into));
    expected.extend(stop_of("a"));
    assert_eq!(log.take(), expected);
    let clean: Vec<_> = reports
        .iter()
        .map(|r| (&*r.application, r.is_clean()))
        .collect();
    assert_eq!(clean, [("c", true), ("b", false), ("a", true)]);
    assert_eq!(System::current().processes(), []);
    assert_eq!(apps.shutdown().await, reports);
    Ok(())
}

#[noex::test(paused)]
async fn shutdown_gives_up_what_is_starting() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let [a, b] = log.parts(["a", "b"]);
    b.always(Begin::Hang);
    apps.load(app(&a, "a", &log))?;
    apps.load(app(&b, "b", &log).depends_on(["a"]))?;
    let starting = tokio::spawn({
        let apps = apps.clone();
        async move { apps.ensure_all_started("b").await }
    });
    b.beginning(1).await;
    log.take();
    let begun = Instant::now();
    let reports = apps.shutdown().await;
    assert_eq!(begun.elapsed(), ms(0));
    assert!(reports.iter().all(|r| r.is_clean()), "{reports:?}");
    assert!(matches!(
        starting.await?,
        Err(ApplicationError::Cancelled(_))
    ));
    assert_eq!(log.take(), stop_of("a"));
    Ok(())
}

#[noex::test(paused)]
async fn what_is_in_flight_may_end_before_trees_stop() -> Tested {
    let (log, apps, system) = (Log::default(), applications(), System::current());
    let [a, b] = log.parts(["a", "b"]);
    apps.load(app(&a, "a", &log))?;
    apps.load(app(&b, "b", &log))?;
    apps.start("a").await?;
    apps.start("b").await?;
    log.take();
    let request = system.in_flight();
    let stopping = tokio::spawn({
        let apps = apps.clone();
        async move { apps.shutdown().await }
    });
    tokio::time::sleep(ms(1_000)).await;
    // Nothing is stopped, and readiness is gone.
    assert_eq!(system.phase(), Phase::Draining);
    assert_eq!(log.take(), ["b prep_stop"]);
    assert!(a.is_alive() && b.is_alive());
    let begun = Instant::now();
    drop(request);
    stopping.await?;
    assert_eq!((begun.elapsed(), system.phase()), (ms(0), Phase::Stopped));
    Ok(())
}

#[noex::test(paused)]
async fn drain_time_is_given_once() -> Tested {
    let (log, apps, system) = (Log::default(), applications(), System::current());
    let [a, b] = log.parts(["a", "b"]);
    apps.load(app(&a, "a", &log))?;
    apps.load(app(&b, "b", &log))?;
    apps.start("a").await?;
    apps.start("b").await?;
    let request = system.in_flight();
    let begun = Instant::now();
    let reports = apps.shutdown().await;
    assert_eq!(begun.elapsed().as_millis() / 10, 500);
    assert!(reports.iter().all(|r| r.is_clean()));
    drop(request);
    Ok(())
}
