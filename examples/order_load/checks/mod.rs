//! What is asked of the service.

mod away;
mod chaos;
mod disk;
mod encrypted;
mod end;
mod files;
mod input;
mod outbox;
mod panics;
mod sent;
mod storm;

use crate::Result;
use crate::load::{BUSY, Habit, Load, Outcome};
use crate::place::{Databases, Place};
use crate::report::Report;
use crate::service::Service;
use encrypted::Start;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::sleep;

/// What the judge was told.
#[derive(Debug)]
pub(crate) struct Plan {
    /// How long the service is loaded with all clients.
    pub(crate) seconds: Duration,
    pub(crate) clients: usize,
    /// The program of the service.
    pub(crate) server: PathBuf,
    /// Where the data goes.
    pub(crate) folder: PathBuf,
    /// Which database: `sqlite`, `postgres` for a server of our own, or the URL of another.
    pub(crate) database: String,
    /// What only measures times is left out, and limits are ten times as long: for machines that have other things to do.
    pub(crate) brief: bool,
}

/// Every child with a name.
const CHILDREN: [&str; 7] = [
    "config",
    "database",
    "cache",
    "email",
    "pdf",
    "notification",
    "api",
];

/// Enough requests to meet each panic, and few enough for its repair to be what is measured.
const STEADY: Habit = Habit {
    pause: Duration::from_millis(3),
    read_every: 1,
    reads: 4,
};

impl Plan {
    /// What must not take longer on a machine that has nothing else to do.
    fn within(&self, limit: Duration) -> Duration {
        if self.brief { 10 * limit } else { limit }
    }
}

/// Runs every check on services whose data is in `folder` and in these databases.
pub(crate) async fn all(
    plan: &Plan,
    databases: &Databases,
    folder: &Path,
    report: &mut Report,
) -> Result<()> {
    let place = databases.place(folder, "first").await?;
    let mut service = Service::start(&plan.server, &place).await?;
    let startup = service.startup;
    report.check(
        "serves within 2 s of its start",
        startup < plan.within(Duration::from_secs(2)),
        format!("{startup:.1?}"),
    );
    input::rejected(&service, report).await?;
    if !plan.brief {
        quiet(&service, report).await?;
    }
    loaded(plan, &service, &place, report).await?;
    panics::under_load(&service, report).await?;
    if !plan.brief {
        panics::repair(&service, report).await?;
    }
    panics::escalation(&service, report).await?;
    end::terminated(plan, &mut service, &place, report).await?;
    end::twice(plan, &place, report).await?;
    end::killed(plan, &place, report).await?;

    sent::sent(plan, &databases.place(folder, "sent").await?, report).await?;
    let place = databases.place(folder, "smtps").await?;
    encrypted::sent(plan, &place, Start::AtOnce, report).await?;
    let place = databases.place(folder, "starttls").await?;
    encrypted::sent(plan, &place, Start::Later, report).await?;
    chaos::survived(plan, &databases.place(folder, "chaos").await?, report).await?;
    let stormy = databases.place(folder, "storm").await?;
    storm::workers(plan, &stormy, report).await?;
    storm::database(plan, &stormy, report).await?;
    storm::database_without_end(plan, &stormy, report).await?;
    storm::burst(plan, &stormy, report).await?;
    let missing = databases.place(folder, "files").await?;
    files::spool(plan, &missing, report).await?;
    match databases {
        Databases::Sqlite => {
            files::database(plan, &missing, report).await?;
            let place = databases.place(folder, "invoices").await?;
            disk::of_invoices(plan, &place, report).await?;
            let place = databases.place(folder, "orders").await?;
            disk::of_orders(plan, &place, report).await
        }
        Databases::Postgres {
            server: Some(server),
            ..
        } => away::stopped(plan, server, &missing, report).await,
        Databases::Postgres { server: None, .. } => Ok(()),
    }
}

/// Where nothing fails nothing is restarted.
async fn quiet(service: &Service, report: &mut Report) -> Result<()> {
    let mut client = service.client();
    let mut before = Vec::new();
    for child in CHILDREN {
        before.push(service.incarnation(&mut client, child).await?);
    }
    sleep(Duration::from_secs(5)).await;
    let mut after = Vec::new();
    for child in CHILDREN {
        after.push(service.incarnation(&mut client, child).await?);
    }
    let restarts: u64 = service.restarts().await?.values().sum();
    report.check(
        "5 quiet seconds: nothing is restarted",
        restarts == 0 && before == after,
        format!("{restarts} restarts"),
    );
    Ok(())
}

async fn loaded(plan: &Plan, service: &Service, place: &Place, report: &mut Report) -> Result<()> {
    let before = place.stored().await?.len();
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(plan.seconds).await;
    let outcome = load.stop().await;
    let rate = outcome.acknowledged.len() as f64 / outcome.time.as_secs_f64();
    report.check(
        format!("{} clients post, every request goes well", plan.clients),
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty(),
        format!(
            "{} in {:.1?}, {rate:.0}/s, median {:.1} ms, 99 % {:.1} ms, {} read again; {}",
            outcome.acknowledged.len(),
            outcome.time,
            outcome.quantile(0.5),
            outcome.quantile(0.99),
            outcome.read,
            outcome.failures()
        ),
    );
    all_stored(
        &outcome,
        place,
        "every order answered 201 is stored",
        report,
    )
    .await?;
    let orders = before + outcome.acknowledged.len();
    let counted = service.client().get("/stats").await?.json()?["orders"].take();
    report.check(
        "/stats counts them",
        counted == orders,
        format!("{counted} orders"),
    );
    outbox::worked_off(service, place, report).await
}

/// After something that went wrong on purpose.
async fn nothing_lost(outcome: &Outcome, place: &Place, report: &mut Report) -> Result<()> {
    let what = "and every order answered 201 is stored";
    all_stored(outcome, place, what, report).await
}

async fn all_stored(
    outcome: &Outcome,
    place: &Place,
    what: &str,
    report: &mut Report,
) -> Result<()> {
    let stored = place.stored().await?;
    let acknowledged = &outcome.acknowledged;
    let lost = acknowledged
        .iter()
        .filter(|id| !stored.contains(id))
        .count();
    report.check(
        what,
        lost == 0 && !acknowledged.is_empty(),
        format!("{lost} of {} lost", acknowledged.len()),
    );
    Ok(())
}
