//! What is logged of an end.

use super::logs::Logs;
use super::patient::{Last, Patient, PatientRef, Wills, because};
use noex::prelude::*;
use std::error::Error;

/// How many crashes are reported when a patient is ended so.
async fn reports_of(
    last: Last,
    end: impl FnOnce(&PatientRef) -> Result<(), Box<dyn Error>>,
) -> Result<usize, Box<dyn Error>> {
    let logs = Logs::capture();
    let patient = Patient::start(Wills::default(), last).await?;
    end(&patient)?;
    let reason = patient.exited().await;
    let errors = logs.errors();
    assert_eq!(errors, logs.matching("noex::crash", ""));
    let text = reason.to_string();
    assert!(errors.iter().all(|line| line.contains(&text)), "{errors:?}");
    Ok(errors.len())
}

#[noex::test]
async fn te_06_only_unclean_exits_are_reported_and_once() -> Result<(), Box<dyn Error>> {
    let clean = [ExitReason::Normal, ExitReason::Shutdown, because("x")];
    for reason in clean {
        let reports = reports_of(Last::Nothing, |p| Ok(p.end_by_cast(reason)?)).await?;
        assert_eq!(reports, 0);
    }
    let error = ExitReason::from_error("the disk is full");
    let stopped = reports_of(Last::Nothing, |p| Ok(p.end_by_cast(error)?)).await?;
    let panicked = reports_of(Last::Nothing, |p| Ok(p.panic_in_cast()?)).await?;
    let twice = reports_of(Last::Panics, |p| Ok(p.panic_in_cast()?)).await?;
    let late = reports_of(Last::Panics, |p| Ok(p.end_by_cast(ExitReason::Normal)?)).await?;
    let killed = reports_of(Last::Nothing, |p| {
        p.kill();
        Ok(())
    });
    let reports = [stopped, panicked, twice, late, killed.await?];
    assert_eq!(reports, [1; 5]);
    Ok(())
}
