//! Applications: dependencies, hooks, and what the end of one means to others.

use crate::scene::{Scene, pause};
use crate::words::{Tested, gone};
use crate::worker::{Order, Part, ask, ms, run, tell};
use noex::prelude::*;
use noex::supervisor::{Restart, Spec, Supervisor};
use noex::{Application, ApplicationError, Applications, Start};
use std::error::Error;

/// What its start does.
#[derive(Clone, Copy)]
enum Opening {
    Well,
    Fails,
    Panics,
}

fn begin(part: &Part, opening: Opening) -> Start<Supervisor> {
    match opening {
        Opening::Well => {
            let spec = Spec::new("tree").intensity(0, ms(1_000));
            Supervisor::start(spec.child(part.spec()))
        }
        // What cannot be started: a window of zero.
        Opening::Fails => Supervisor::start(Spec::new("tree").intensity(0, ms(0))),
        Opening::Panics => panic!("boom"),
    }
}

/// An application of one worker, which notes what is done to it.
fn app(s: &Scene, name: &'static str, opening: Opening) -> Application<Supervisor> {
    let part = s.child(name);
    let (before, after) = (s.clone(), s.clone());
    Application::new(name, move || begin(&part, opening))
        .prep_stop(move |_| {
            let s = before.clone();
            async move { s.note(format!("{name} prep_stop")) }
        })
        .stopped(move || {
            let s = after.clone();
            async move { s.note(format!("{name} stopped")) }
        })
}

fn well(s: &Scene, name: &'static str) -> Application<Supervisor> {
    app(s, name, Opening::Well)
}

fn applications() -> Applications {
    System::current().applications()
}

fn started(result: Result<(), ApplicationError>) -> String {
    match result {
        Ok(()) => "ok".to_owned(),
        Err(ApplicationError::AlreadyStarted(name)) => format!("{name} already started"),
        Err(ApplicationError::NotStarted { dependency, .. }) => format!("{dependency} not started"),
        Err(ApplicationError::NotRunning(name)) => format!("{name} not started"),
        Err(ApplicationError::Failed { error, .. }) => match error {
            StartError::Panicked { message, .. } => format!("panicked {message}"),
            _ => "failed boom".to_owned(),
        },
        Err(error) => error.to_string(),
    }
}

fn running() -> String {
    let running = applications().running();
    let names: Vec<_> = running.iter().map(|name| &**name).collect();
    match names.is_empty() {
        true => "nothing runs".to_owned(),
        false => format!("{} running", names.join(" ")),
    }
}

/// The scenario is over: what happens from now on is no part of it.
async fn compare(s: &Scene) -> Tested {
    let compared = s.compare().await;
    let _ = applications().shutdown().await;
    compared
}

#[noex::test(paused)]
async fn dependency_is_missing() -> Tested {
    let s = Scene::of("applications.dependency_is_missing");
    applications().load(well(&s, "one"))?;
    applications().load(well(&s, "two").depends_on(["one"]))?;
    s.note(started(applications().start("two").await));
    compare(&s).await
}

#[noex::test(paused)]
async fn dependencies_start_first() -> Tested {
    let s = Scene::of("applications.dependencies_start_first");
    applications().load(well(&s, "one"))?;
    applications().load(well(&s, "two").depends_on(["one"]))?;
    applications().load(well(&s, "three").depends_on(["one", "two"]))?;
    let names = applications().ensure_all_started("three").await?;
    let names: Vec<_> = names.iter().map(|name| &**name).collect();
    s.note(names.join(" "));
    let names = applications().ensure_all_started("three").await?;
    s.note(format!("{} more", names.len()));
    compare(&s).await
}

#[noex::test(paused)]
async fn later_dependency_fails() -> Tested {
    let s = Scene::of("applications.later_dependency_fails");
    applications().load(well(&s, "one"))?;
    applications().load(well(&s, "two").depends_on(["one"]))?;
    let three = app(&s, "three", Opening::Fails);
    applications().load(three.depends_on(["one", "two"]))?;
    applications().start("one").await?;
    assert!(applications().ensure_all_started("three").await.is_err());
    s.note("three did not start");
    s.note(running());
    compare(&s).await
}

#[noex::test(paused)]
async fn started_twice() -> Tested {
    let s = Scene::of("applications.started_twice");
    applications().load(well(&s, "one"))?;
    for _ in 0..2 {
        s.note(started(applications().start("one").await));
    }
    compare(&s).await
}

async fn does_not_start(s: &Scene, opening: Opening) -> Tested {
    applications().load(app(s, "one", opening))?;
    s.note(started(applications().start("one").await));
    s.note(running());
    compare(s).await
}

#[noex::test(paused)]
async fn start_fails() -> Tested {
    let s = Scene::of("applications.start_fails");
    does_not_start(&s, Opening::Fails).await
}

#[noex::test(paused)]
async fn start_panics() -> Tested {
    let s = Scene::of("applications.start_panics");
    does_not_start(&s, Opening::Panics).await
}

#[noex::test(paused)]
async fn start_phases() -> Tested {
    let s = Scene::of("applications.start_phases");
    let phase = |name: &'static str| {
        let s = s.clone();
        move |_| {
            let s = s.clone();
            async move { s.note(format!("phase {name}")) }
        }
    };
    let one = well(&s, "one").start_phase("first", phase("first"));
    applications().load(one.start_phase("second", phase("second")))?;
    s.note(started(applications().start("one").await));
    compare(&s).await
}

#[noex::test(paused)]
async fn stops_with_its_hooks() -> Tested {
    let s = Scene::of("applications.stops_with_its_hooks");
    applications().load(well(&s, "one"))?;
    applications().start("one").await?;
    s.note(started(stop("one").await));
    s.note(running());
    compare(&s).await
}

async fn stop(name: &str) -> Result<(), ApplicationError> {
    applications().stop(name.to_owned()).await.map(drop)
}

#[noex::test(paused)]
async fn stopped_when_it_is_not_up() -> Tested {
    let s = Scene::of("applications.stopped_when_it_is_not_up");
    applications().load(well(&s, "one"))?;
    s.note(started(stop("one").await));
    compare(&s).await
}

#[noex::test(paused)]
async fn stopping_one_spares_those_that_need_it() -> Tested {
    let s = Scene::of("applications.stopping_one_spares_those_that_need_it");
    applications().load(well(&s, "one"))?;
    applications().load(well(&s, "two").depends_on(["one"]))?;
    applications().ensure_all_started("two").await?;
    stop("one").await?;
    s.note(running());
    compare(&s).await
}

#[noex::test(paused)]
async fn temporary_application_ends() -> Tested {
    let s = Scene::of("applications.temporary_application_ends");
    for name in ["one", "two"] {
        applications().load(well(&s, name).restart(Restart::Temporary))?;
        applications().start(name).await?;
    }
    tell(&s.life("two", 1).await, Order::Raise);
    pause(100).await;
    s.note(running());
    compare(&s).await
}

#[noex::test(paused)]
async fn unsupervised_process_of_an_application() -> Result<(), Box<dyn Error>> {
    let s = Scene::of("applications.unsupervised_process_of_an_application");
    applications().load(well(&s, "one"))?;
    applications().start("one").await?;
    let stray = s.part("stray").trap();
    let start = run(async move { drop(stray.start().await) });
    ask(&s.life("one", 1).await, start).await;
    let stray = s.life("stray", 1).await;
    stop("one").await?;
    s.note(gone(stray.exited().await));
    compare(&s).await
}
