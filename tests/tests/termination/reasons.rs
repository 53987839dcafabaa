//! The reason a server ends with.

use super::patient::{End, Last, Panic, Patient, PatientRef, Wills, Witness, because};
use noex::prelude::*;
use std::error::Error;

type Trigger<'a> = &'a dyn Fn(&PatientRef) -> Result<(), Box<dyn Error>>;

/// The reason seen by `terminate`, which must run once, and the one seen from outside, by everybody.
async fn end(last: Last, trigger: Trigger<'_>) -> Result<(ExitReason, ExitReason), Box<dyn Error>> {
    let wills = Wills::default();
    let patient = Patient::start(wills.clone(), last).await?;
    let witness = Witness::default().start().await?;
    witness.watch(patient.clone()).await?;
    trigger(&patient)?;
    let reason = patient.exited().await;
    assert_eq!(witness.seen().await?, [reason.clone()]);
    assert_eq!(patient.exit_reason(), Some(reason.clone()));
    witness.stop().await?;
    let wills = wills.read();
    assert_eq!(wills.len(), 1, "terminate runs once");
    Ok((wills[0].clone(), reason))
}

#[noex::test]
async fn te_01_stop_terminates_once_with_its_reason() -> Result<(), Box<dyn Error>> {
    let why = || because("it is time");
    let ways: [Trigger<'_>; 5] = [
        &|p| Ok(p.end_by_call(why()).detach()?),
        &|p| Ok(p.end_by_cast(why())?),
        &|p| Ok(p.end_by_error(why())?),
        &|p| Ok(p.send(End(why()))?),
        &|p| Ok(p.end_by_continuation(why())?),
    ];
    for way in ways {
        assert_eq!(end(Last::Nothing, way).await?, (why(), why()));
    }
    Ok(())
}

#[noex::test]
async fn te_02_panic_terminates_once_and_down_carries_it() -> Result<(), Box<dyn Error>> {
    let ways: [(Trigger<'_>, &str); 4] = [
        (&|p| Ok(p.panic_in_call().detach()?), "in a call"),
        (&|p| Ok(p.panic_in_cast()?), "in a cast"),
        (&|p| Ok(p.send(Panic)?), "in an info"),
        (&|p| Ok(p.panic_by_continuation()?), "in a continuation"),
    ];
    for (way, text) in ways {
        let (told, seen) = end(Last::Nothing, way).await?;
        assert_eq!(told, seen);
        let ExitReason::Panic { message, location } = seen else {
            panic!("{seen}");
        };
        assert_eq!(&*message, text);
        let location = location.expect("the hook is installed");
        assert!(location.contains("patient.rs"), "{location}");
    }
    Ok(())
}

#[noex::test]
async fn te_03_failing_terminate_replaces_the_reason() -> Result<(), Box<dyn Error>> {
    let (told, seen) = end(Last::Fails(because("no")), &|p| {
        Ok(p.end_by_cast(ExitReason::Normal)?)
    })
    .await?;
    assert_eq!((told, seen), (ExitReason::Normal, because("no")));
    // Whatever the first reason was.
    let (told, seen) = end(Last::Panics, &|p| Ok(p.panic_in_cast()?)).await?;
    assert_eq!(text(&told), "in a cast");
    assert_eq!(text(&seen), "in terminate");
    Ok(())
}

fn text(reason: &ExitReason) -> &str {
    match reason {
        ExitReason::Panic { message, .. } => message,
        _ => "no panic",
    }
}
