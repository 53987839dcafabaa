//! Kill: no `terminate`, and reported when the handler is really gone.

use super::patient::{Last, Patient, Wills, Witness, because, until_begun};
use noex::prelude::*;
use std::error::Error;
use tokio::sync::oneshot;

#[noex::test]
async fn te_04_kill_skips_terminate() -> Result<(), Box<dyn Error>> {
    let wills = Wills::default();
    let witness = Witness::default().start().await?;
    let asleep = Patient::start(wills.clone(), Last::Nothing).await?;
    // One in the middle of a handler, one in the middle of `terminate`.
    let busy = Patient::start(wills.clone(), Last::Nothing).await?;
    let (handler, closed) = oneshot::channel();
    busy.hold(closed)?;
    let (terminate, closed) = oneshot::channel();
    let ending = Patient::start(wills.clone(), Last::Waits(closed)).await?;
    ending.end_by_cast(because("about to end"))?;
    until_begun(&busy).await;
    until_begun(&ending).await;
    for patient in [&asleep, &busy, &ending] {
        witness.watch(patient.clone()).await?;
        patient.kill();
        assert!(patient.is_alive(), "not gone before its handler is");
        assert_eq!(patient.exited().await, ExitReason::Killed);
    }
    assert!(handler.is_closed() && terminate.is_closed());
    assert_eq!(witness.seen().await?, [const { ExitReason::Killed }; 3]);
    assert_eq!(wills.read(), [because("about to end")]);
    witness.stop().await?;
    Ok(())
}
