//! How an application starts, or does not.

use crate::apps::{app, applications, panics, stop_of};
use crate::parts::{Begin, Log, Tested, Worker, WorkerRef, ms};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{Application, ApplicationError};
use std::error::Error;

supervisor! {
    struct Shop(part: crate::parts::Part) {
        worker: Worker(part.clone()),
    }
}

#[noex::test(paused)]
async fn ap_06_start_phases_run_before_start_returns() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let part = log.part("a");
    let (first, second) = (log.clone(), log.clone());
    let shop = Application::new("shop", move || Shop::start(part.clone()));
    let shop = shop.start_phase("first", move |shop| {
        let log = first.clone();
        async move {
            // The tree is up, and typed.
            let outcome: Result<(), CallError> = WorkerRef::ping(&shop.worker()).await;
            tokio::time::sleep(ms(10)).await;
            log.note("first");
            outcome
        }
    });
    let shop = shop.start_phase("second", move |_| {
        let log = second.clone();
        async move { log.note("second") }
    });
    apps.load(shop)?;
    apps.start("shop").await?;
    assert_eq!(log.take(), ["a starts", "a up", "first", "second"]);
    apps.shutdown().await;
    Ok(())
}

#[noex::test]
async fn failing_start_phase_stops_the_application_again() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let a = log.part("a");
    let failing = app(&a, "a", &log).start_phase("open", |_| async { Err("closed on Sundays") });
    apps.load(failing.start_phase("never", |_| panics()))?;
    let error = apps.start("a").await.expect_err("the phase fails");
    assert_eq!(
        error.to_string(),
        "application `a` did not start: start phase `open` failed: error: closed on Sundays"
    );
    let mut expected: Vec<String> = ["a starts", "a up"].map(Into::into).into();
    expected.extend(stop_of("a"));
    assert_eq!(log.take(), expected);
    let b = log.part("b");
    apps.load(app(&b, "b", &log).start_phase("panics", |_| panics()))?;
    let error = apps.start("b").await.expect_err("the phase panics");
    assert!(
        error
            .to_string()
            .contains("`panics` failed: panic: as asked at ")
    );
    assert_eq!(System::current().processes(), []);
    Ok(())
}

/// A server that starts another one, which nobody supervises.
struct Careless;

#[gen_server]
impl Careless {
    #[init]
    async fn new(part: crate::parts::Part) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Worker::start(part).await?;
        Err("too careless".into())
    }
}

#[noex::test]
async fn ap_15_failing_start_names_the_application() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let [a, b] = log.parts(["a", "b"]);
    b.always(Begin::Fail);
    let spare = a.clone();
    apps.load(Application::new("panics", || -> noex::Start<Supervisor> {
        panic!("as asked")
    }))?;
    apps.load(Application::new("fails", move || {
        Supervisor::start(Spec::new("tree").child(a.spec()).child(b.spec()))
    }))?;
    apps.load(Application::new("careless", move || {
        Careless::start(spare.clone())
    }))?;
    for (name, says) in [
        ("panics", "as asked"),
        ("fails", "child `b`"),
        ("careless", "too careless"),
    ] {
        let error = apps.start(name).await.expect_err("it cannot start");
        let text = error.to_string();
        assert!(
            text.contains(&format!("`{name}`")) && text.contains(says),
            "{text}"
        );
        assert!(matches!(error, ApplicationError::Failed { .. }));
        assert_eq!(System::current().processes(), [], "{name}");
        assert_eq!(apps.running(), []);
    }
    Ok(())
}

#[noex::test]
async fn ap_17_start_failure_shows_the_chain() -> Tested {
    let (log, apps) = (Log::default(), applications());
    let broken = log.part("broken");
    broken.always(Begin::Fail);
    apps.load(Application::new("shop", move || {
        let inner = Spec::new("storage").child(broken.spec());
        Supervisor::start(Spec::new("top").child(Supervisor::child_spec(inner)))
    }))?;
    let error = apps.start("shop").await.expect_err("the worker fails");
    // From the application down to the cause, in order.
    let text = error.to_string();
    let links = [
        "`shop`",
        "`top`",
        "`storage`",
        "`broken`",
        "as the script says",
    ];
    let places: Vec<_> = links.iter().map(|link| text.find(link)).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{text}"
    );
    // The same by the sources.
    let mut causes = Vec::new();
    let mut cause: Option<&dyn Error> = Some(&error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    assert_eq!(
        causes.last().map(String::as_str),
        Some("as the script says")
    );
    let told = |link| causes.iter().any(|cause| cause.contains(link));
    assert!(links.into_iter().all(told), "{causes:?}");
    Ok(())
}
