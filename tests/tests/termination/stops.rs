//! Stops from outside.

use super::patient::{Last, Patient, PatientRef, Wills, because};
use noex::prelude::*;
use std::error::Error;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

#[noex::test(workers = 2)]
async fn te_07_stop_returns_after_death() -> Result<(), Box<dyn Error>> {
    let system = System::current();
    let rounds = async move {
        for _ in 0..20_000 {
            let patient = Patient::start(Wills::default(), Last::Nothing);
            let patient = patient.name("patient").await.expect("the name is free");
            patient.stop().await.expect("it runs");
            assert!(!patient.is_alive());
            assert_eq!(system.registry().whereis("patient"), None);
            assert_eq!(system.processes(), []);
        }
    };
    tokio::spawn(rounds).await?;
    Ok(())
}

#[noex::test]
async fn te_08_stop_with_a_reason() -> Result<(), Box<dyn Error>> {
    let wills = Wills::default();
    let patient = Patient::start(wills.clone(), Last::Nothing).await?;
    patient.stop().reason(because("custom")).await?;
    assert_eq!(patient.exited().await, because("custom"));
    assert_eq!(wills.read(), [because("custom")]);
    // It ends otherwise before the stop is its turn, or in `terminate`.
    let patient = Patient::start(Wills::default(), Last::Nothing).await?;
    patient.end_by_cast(because("first"))?;
    let stopped = patient.stop().reason(because("second")).await;
    assert_eq!(stopped, Err(StopError::Exited(because("first"))));
    let failing = Last::Fails(because("last words"));
    let patient = Patient::start(Wills::default(), failing).await?;
    let stopped = patient.stop().await;
    assert_eq!(stopped, Err(StopError::Exited(because("last words"))));
    Ok(())
}

#[noex::test]
async fn te_09_stopping_a_dead_process_says_so() -> Result<(), Box<dyn Error>> {
    let patient = Patient::start(Wills::default(), Last::Nothing).await?;
    patient.stop().await?;
    assert_eq!(patient.stop().await, Err(StopError::NotRunning));
    let nobody = Patient::named("nobody");
    assert_eq!(nobody.stop().await, Err(StopError::NotRunning));
    Ok(())
}

#[noex::test(paused)]
async fn te_10_timed_out_stop_does_not_kill() -> Result<(), Box<dyn Error>> {
    let wills = Wills::default();
    let (open, closed) = oneshot::channel();
    let patient = Patient::start(wills.clone(), Last::Waits(closed)).await?;
    let before = Instant::now();
    let after = Duration::from_millis(50);
    let stopped = patient.stop().timeout(after).await;
    assert_eq!(stopped, Err(StopError::Timeout { after }));
    assert!((50..=51).contains(&before.elapsed().as_millis()));
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert!(patient.is_alive());
    drop(open);
    assert_eq!(patient.exited().await, ExitReason::Normal);
    assert_eq!(wills.read(), [ExitReason::Normal]);
    Ok(())
}

#[noex::test]
async fn te_11_concurrent_stops_terminate_once() -> Result<(), Box<dyn Error>> {
    let wills = Wills::default();
    let (open, closed) = oneshot::channel();
    let patient = Patient::start(wills.clone(), Last::Waits(closed)).await?;
    let stop = |reason: ExitReason| {
        let patient = patient.clone();
        tokio::spawn(async move { patient.stop().reason(reason).await })
    };
    let (first, second) = (stop(ExitReason::Shutdown), stop(because("me too")));
    while wills.read().is_empty() {
        tokio::task::yield_now().await;
    }
    // It is in `terminate` already: the door is shut.
    let third = stop(ExitReason::Shutdown);
    tokio::task::yield_now().await;
    drop(open);
    assert_eq!(first.await?, Ok(()));
    let otherwise = Err(StopError::Exited(ExitReason::Shutdown));
    assert_eq!(second.await?, otherwise);
    assert_eq!(third.await?, Ok(()));
    assert_eq!(wills.read(), [ExitReason::Shutdown]);
    Ok(())
}

#[noex::test]
async fn te_17_stop_is_honoured_while_suspended() -> Result<(), Box<dyn Error>> {
    let ways: [&dyn Fn(&PatientRef); 2] = [&|p| p.exit(because("stop")), &ask_to_stop];
    for way in ways {
        let wills = Wills::default();
        let patient = Patient::start(wills.clone(), Last::Nothing).await?;
        assert!(patient.suspend());
        patient.end_by_cast(because("a message"))?;
        way(&patient);
        assert_eq!(patient.exited().await, because("stop"));
        assert_eq!(wills.read(), [because("stop")]);
        assert_eq!(patient.undelivered(), 1);
        // The same when it has taken all of that out of its mailbox before it is suspended.
        let patient = Patient::start(wills.clone(), Last::Nothing).await?;
        let (open, closed) = oneshot::channel();
        patient.hold(closed)?;
        patient.end_by_cast(because("a message"))?;
        way(&patient);
        while patient.queue_len() == 3 {
            tokio::task::yield_now().await;
        }
        assert!(patient.suspend());
        drop(open);
        assert_eq!(patient.exited().await, because("stop"));
        assert_eq!(wills.read(), [because("stop"), because("stop")]);
        assert_eq!(patient.undelivered(), 1);
    }
    Ok(())
}

/// Sends the request and does not wait.
fn ask_to_stop(patient: &PatientRef) {
    let stop = pin!(patient.stop().reason(because("stop")));
    let polled = stop.poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
}
