//! A database server that goes away while the service runs.

use super::{Plan, nothing_lost, outbox};
use crate::Result;
use crate::load::{BUSY, Load};
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use noex_examples::postgres::Server;
use std::time::Duration;
use tokio::time::sleep;

const MOMENT: Duration = Duration::from_secs(1);

/// It crashes, stays away for a moment and comes back.
pub(super) async fn stopped(
    plan: &Plan,
    server: &Server,
    place: &Place,
    report: &mut Report,
) -> Result<()> {
    let service = Service::start(&plan.server, place).await?;
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(MOMENT).await;
    server.stop()?;
    sleep(MOMENT).await;
    // A panic while it is away is no reason to give up either.
    service.client().post("/debug/crash/database", b"").await?;
    sleep(MOMENT).await;
    server.resume()?;
    let outcome = load.stop().await;
    let come_again = |what: &String| what.ends_with("503 with Retry-After");
    report.check(
        "PostgreSQL crashes: 503 with Retry-After in 1 s",
        outcome.failures.contains_key("POST 503 with Retry-After")
            && outcome.failures.keys().all(come_again)
            && outcome.slowest_failure < plan.within(MOMENT)
            && !outcome.acknowledged.is_empty(),
        format!(
            "{} orders, slowest failure {:.1?}; {}",
            outcome.acknowledged.len(),
            outcome.slowest_failure,
            outcome.failures()
        ),
    );
    nothing_lost(&outcome, place, report).await?;
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(MOMENT).await;
    let outcome = load.stop().await;
    report.check(
        "and it serves when it is back",
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty(),
        format!(
            "{} orders; {}",
            outcome.acknowledged.len(),
            outcome.failures()
        ),
    );
    outbox::worked_off(&service, place, report).await
}
