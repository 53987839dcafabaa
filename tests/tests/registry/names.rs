//! Names of processes.

use super::actor::{Actor, Outcome, actor, inside, kill, pid};
use noex::RegisterError::{AlreadyRegistered, NotRunning};
use noex::prelude::*;

struct Other;

#[gen_server]
impl Other {}

#[noex::test]
async fn names_come_and_go_at_run_time() -> Outcome {
    let a = Actor.start_as("first").await?;
    a.register("second")?;
    inside(&a, |cx| cx.register("third")).await?;
    assert_eq!(a.name().as_deref(), Some("first"));
    let names = a.names();
    assert_eq!(
        names.iter().map(|n| &**n).collect::<Vec<_>>(),
        ["first", "second", "third"]
    );
    assert!(a.unregister("first"));
    assert!(!a.unregister("first"));
    assert_eq!(a.name().as_deref(), Some("second"));
    assert!(inside(&a, |cx| cx.unregister("third")).await);
    let registry = System::current();
    let names = registry.registry().names();
    assert_eq!(names.iter().map(|n| &**n).collect::<Vec<_>>(), ["second"]);
    let b = Actor.start_as("first").await?;
    assert_eq!(b.register("second"), Err(AlreadyRegistered(pid(&a))));
    kill(&a).await?;
    b.register("second")?;
    assert_eq!(a.register("fourth"), Err(NotRunning));
    kill(&b).await
}

#[noex::test]
async fn lookup_finds_the_incarnation_that_runs() -> Outcome {
    assert!(Process::<Actor>::lookup("it").is_none());
    // Short names and long ones are kept in different ways.
    for name in [
        "it",
        "a name of more than twenty-two bytes",
        "",
        "ein Name mit Ümlaut",
    ] {
        let a = Actor.start_as(name).await?;
        let found = Process::<Actor>::lookup(name).expect("it runs");
        assert_eq!(found.pid(), a.pid());
        assert_eq!(System::current().registry().whereis(name), a.pid());
        assert_eq!(a.name().as_deref(), Some(name));
        let system = System::current();
        assert!(system.registry().lookup::<Other>(name).is_none());
        assert!(System::new().registry().lookup::<Actor>(name).is_none());
        kill(&a).await?;
        assert!(Process::<Actor>::lookup(name).is_none());
        // What was found stays with its incarnation.
        let b = Actor.start_as(name).await?;
        assert_eq!(found.ping().await, Err(CallError::NotRunning));
        kill(&b).await?;
    }
    Ok(())
}

#[noex::test]
async fn system_is_that_of_the_process_it_is_asked_in() -> Outcome {
    let other = System::new();
    let a = Actor.start().system(&other).name("it").await?;
    assert!(Process::<Actor>::lookup("it").is_none());
    let found = inside(&a, |_| Process::<Actor>::lookup("it")).await;
    assert_eq!(found.and_then(|it| it.pid()), a.pid());
    let b = actor().await?;
    let found = inside(&b, |_| Process::<Actor>::lookup("it")).await;
    assert!(found.is_none());
    kill(&a).await?;
    kill(&b).await
}
