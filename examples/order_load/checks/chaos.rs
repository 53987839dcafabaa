//! `--chaos`: random children panic or are killed while the service serves.

use super::{Plan, nothing_lost, outbox};
use crate::Result;
use crate::load::{BUSY, Load};
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use std::time::Duration;
use tokio::time::sleep;

const LOADED: Duration = Duration::from_secs(10);
const BRIEFLY: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(60);
/// It comes every 275 ms on average; in so many seconds surely more often than this.
const TROUBLE_A_SECOND: f64 = 1.5;

/// On data of its own.
pub(super) async fn survived(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let mut service = Service::start_with(&plan.server, place, &["--chaos"], &[]).await?;
    let load = Load::start(service.address, plan.clients, BUSY);
    let loaded = if plan.brief { BRIEFLY } else { LOADED };
    sleep(loaded).await;
    let outcome = load.stop().await;
    service.signal("TERM")?;
    let status = service.exited(PATIENCE).await?;
    let log = service.log()?;
    let trouble = log
        .lines()
        .filter(|line| line.contains("process crashed"))
        .count();
    report.check(
        "--chaos: it serves, and ends with 0 all the same",
        !outcome.acknowledged.is_empty()
            && trouble as f64 >= TROUBLE_A_SECOND * loaded.as_secs_f64()
            && status.code() == Some(0),
        format!(
            "{} orders, {trouble} crashes, {status}; {}",
            outcome.acknowledged.len(),
            outcome.failures()
        ),
    );
    nothing_lost(&outcome, place, report).await?;
    let service = Service::start(&plan.server, place).await?;
    outbox::worked_off(&service, place, report).await
}
