//! What is asked of the service.

mod chaos;
mod end;
mod files;
mod input;
mod outbox;
mod panics;
mod sent;
mod storm;

use crate::Result;
use crate::load::{BUSY, Habit, Load, Outcome};
use crate::report::Report;
use crate::service::{self, Service};
use std::fs;
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

/// Runs every check on services whose data is in `folder`.
pub(crate) async fn all(plan: &Plan, folder: &Path, report: &mut Report) -> Result<()> {
    let mut service = Service::start(&plan.server, folder).await?;
    let startup = service.startup;
    report.check(
        "serves within 2 s of its start",
        startup < Duration::from_secs(2),
        format!("{startup:.1?}"),
    );
    input::rejected(&service, report).await?;
    quiet(&service, report).await?;
    loaded(plan, &service, folder, report).await?;
    panics::under_load(&service, report).await?;
    panics::repair(&service, report).await?;
    panics::escalation(&service, report).await?;
    end::terminated(plan, &mut service, folder, report).await?;
    end::twice(plan, folder, report).await?;
    end::killed(plan, folder, report).await?;

    sent::sent(plan, &fresh(folder, "sent")?, report).await?;
    chaos::survived(plan, &fresh(folder, "chaos")?, report).await?;
    let stormy = fresh(folder, "storm")?;
    storm::workers(plan, &stormy, report).await?;
    storm::database(plan, &stormy, report).await?;
    storm::burst(plan, &stormy, report).await?;
    let missing = fresh(folder, "files")?;
    files::spool(plan, &missing, report).await?;
    files::database(plan, &missing, report).await
}

/// A folder for data that nothing was in before.
fn fresh(folder: &Path, name: &str) -> Result<PathBuf> {
    let folder = folder.join(name);
    fs::create_dir(&folder)?;
    Ok(folder)
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

async fn loaded(plan: &Plan, service: &Service, folder: &Path, report: &mut Report) -> Result<()> {
    let before = service::stored(folder)?.len();
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
        folder,
        "every order answered 201 is stored",
        report,
    )?;
    let orders = before + outcome.acknowledged.len();
    let counted = service.client().get("/stats").await?.json()?["orders"].take();
    report.check(
        "/stats counts them",
        counted == orders,
        format!("{counted} orders"),
    );
    outbox::worked_off(service, folder, report).await
}

/// After something that went wrong on purpose.
fn nothing_lost(outcome: &Outcome, folder: &Path, report: &mut Report) -> Result<()> {
    let what = "and every order answered 201 is stored";
    all_stored(outcome, folder, what, report)
}

fn all_stored(outcome: &Outcome, folder: &Path, what: &str, report: &mut Report) -> Result<()> {
    let stored = service::stored(folder)?;
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
