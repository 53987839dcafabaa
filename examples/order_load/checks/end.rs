//! Signals.

use super::{Plan, all_stored, nothing_lost, outbox};
use crate::Result;
use crate::load::{BUSY, Load};
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const LOADED: Duration = Duration::from_secs(1);
/// What the api may take to finish its requests.
const GRACE: Duration = Duration::from_secs(10);
/// More than the service allows its children.
const PATIENCE: Duration = Duration::from_secs(60);

/// One SIGTERM under load.
pub(super) async fn terminated(
    plan: &Plan,
    service: &mut Service,
    place: &Place,
    report: &mut Report,
) -> Result<()> {
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(LOADED).await;
    let mut client = service.client();
    client.get("/ready").await?;
    service.signal("TERM")?;
    let signalled = Instant::now();
    sleep(Duration::from_millis(50)).await;
    let ready = client.get("/ready").await.map(|answer| answer.status);
    report.check(
        "after SIGTERM it first says that it is not ready",
        matches!(ready, Ok(503)),
        format!("/ready: {ready:?}"),
    );
    drop(client);
    let status = service.exited(PATIENCE).await?;
    let took = signalled.elapsed();
    report.check(
        "SIGTERM under load: exit 0, within the grace",
        status.code() == Some(0) && took < plan.within(GRACE),
        format!("{status} after {took:.1?}"),
    );
    let outcome = load.stop().await;
    let answered = outcome.failures.keys().filter(|what| {
        let connection = [
            "POST connection",
            "POST unexpected end",
            "GET connection",
            "GET unexpected end",
        ];
        !connection.iter().any(|kind| what.starts_with(kind))
    });
    report.check(
        "until the end requests are answered well or not at all",
        answered.count() == 0,
        outcome.failures(),
    );
    nothing_lost(&outcome, place, report).await?;
    let ended = ended(&service.log()?);
    let expected = [
        "api",
        "notification",
        "pdf",
        "email",
        "workers",
        "cache",
        "database",
        "config",
        "core",
        "connections",
    ];
    report.check(
        "children end in reverse order",
        ended == expected,
        ended.join(" "),
    );
    Ok(())
}

/// The children that the log says have ended since the stop began.
fn ended(log: &str) -> Vec<String> {
    let stopping = log.lines().skip_while(|l| !l.contains("stopping"));
    stopping
        .filter(|l| l.contains("child ended"))
        .filter_map(|l| l.split("child=\"").nth(1)?.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Starts on the data of the one before; a second SIGTERM ends it at once.
pub(super) async fn twice(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let mut service = Service::start(&plan.server, place).await?;
    let stats = service.client().get("/stats").await?.json()?;
    let stored = place.stored().await?.len();
    report.check(
        "started again it has every order",
        stats["orders"] == stored,
        format!("{}, ready after {:.1?}", stats["orders"], service.startup),
    );
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(LOADED).await;
    service.signal("TERM")?;
    // Two signals that come before the program has seen the first are one.
    while !service.log()?.contains("stopping") {
        sleep(Duration::from_millis(1)).await;
    }
    service.signal("TERM")?;
    let signalled = Instant::now();
    let status = service.exited(PATIENCE).await?;
    let took = signalled.elapsed();
    report.check(
        "a second SIGTERM: at once, with another code",
        status.code().is_some_and(|code| code != 0)
            && took < plan.within(Duration::from_millis(200)),
        format!("{status} after {took:.1?}"),
    );
    let outcome = load.stop().await;
    nothing_lost(&outcome, place, report).await
}

/// No goodbye at all; what it leaves is done after the next start.
pub(super) async fn killed(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let mut service = Service::start(&plan.server, place).await?;
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(LOADED).await;
    service.signal("KILL")?;
    service.exited(PATIENCE).await?;
    let outcome = load.stop().await;
    all_stored(
        &outcome,
        place,
        "SIGKILL under load: every order answered 201 is stored",
        report,
    )
    .await?;
    let service = Service::start(&plan.server, place).await?;
    outbox::worked_off(&service, place, report).await
}
