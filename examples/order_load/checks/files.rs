//! Files that cannot be written, or go away, while the service runs.

use super::outbox::{self, Over, pending};
use super::{Plan, STEADY, nothing_lost};
use crate::Result;
use crate::load::{Load, Outcome};
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use std::fs;
use std::time::Duration;
use tokio::time::sleep;

const CLIENTS: usize = 8;
const MOMENT: Duration = Duration::from_secs(1);

/// For a while no invoice can be written.
pub(super) async fn spool(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let service = Service::start(&plan.server, place).await?;
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(MOMENT).await;
    load.stop().await;
    // A worker without work does not make its folder anew.
    Over::wait(&service, place).await?;
    let invoices = place.spool("pdf");
    let elsewhere = place.folder().join("elsewhere");
    fs::rename(&invoices, &elsewhere)?;
    fs::write(&invoices, "no folder")?;
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(MOMENT).await;
    let outcome = load.stop().await;
    let left = pending(&service).await?;
    report.check(
        "invoices cannot be written: every request goes well, they wait",
        outcome.failures.is_empty() && left["pdf"]["pending"].as_u64() > Some(0),
        format!("{}; {}", outcome.failures(), left["pdf"]),
    );
    logged(&service, "cannot be written", report)?;
    fs::remove_file(&invoices)?;
    fs::rename(&elsewhere, &invoices)?;
    outbox::worked_off(&service, place, report).await?;
    let restarts: u64 = service.restarts().await?.values().sum();
    report.check(
        "without a restart",
        restarts == 0,
        format!("{restarts} restarts"),
    );
    Ok(())
}

/// The database is removed with all that belongs to it.
pub(super) async fn database(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let service = Service::start(&plan.server, place).await?;
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(MOMENT).await;
    for file in ["orders.db", "orders.db-wal", "orders.db-shm"] {
        fs::remove_file(place.data().join(file))?;
    }
    sleep(MOMENT).await;
    let outcome = load.stop().await;
    let come_again = |what: &String| what.ends_with("503 with Retry-After");
    report.check(
        "the database is removed: at most 503 with Retry-After",
        outcome.failures.keys().all(come_again) && !outcome.acknowledged.is_empty(),
        seen(&outcome),
    );
    logged(&service, "was removed while it was in use", report)?;
    nothing_lost(&outcome, place, report).await?;
    outbox::worked_off(&service, place, report).await
}

/// Whether an error that says so is in the log.
pub(super) fn logged(service: &Service, what: &str, report: &mut Report) -> Result<()> {
    let log = service.log()?;
    let line = log
        .lines()
        .find(|line| line.contains("ERROR") && line.contains(what));
    report.check(
        format!("the log says: {what}"),
        line.is_some(),
        line.unwrap_or("nothing"),
    );
    Ok(())
}

fn seen(outcome: &Outcome) -> String {
    format!(
        "{} orders, slowest {:.1} ms; {}",
        outcome.acknowledged.len(),
        outcome.quantile(1.0),
        outcome.failures()
    )
}
