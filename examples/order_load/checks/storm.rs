//! Children that panic every 100 ms, and more orders than fit.

use super::{Plan, nothing_lost, outbox};
use crate::Result;
use crate::load::{BUSY, Habit, Load, Outcome};
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

const BETWEEN: Duration = Duration::from_millis(100);
const PANICS: u32 = 50;
const FEW_PANICS: u32 = 20;
/// Longer than requests wait for a restart.
const WITHOUT_END: Duration = Duration::from_secs(2);

/// Nobody who orders notices that the workers panic.
pub(super) async fn workers(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let service = Service::start(&plan.server, place).await?;
    let children = ["email", "pdf", "notification"];
    let (outcome, planted) = storm(plan, plan.clients, BUSY, &service, &children).await?;
    report.check(
        "workers panic every 100 ms: no request on orders fails",
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty() && planted >= panics(plan),
        format!("{planted} panics, {}", told(&outcome)),
    );
    outbox::worked_off(&service, place, report).await
}

/// Who orders is told to come again, soon.
pub(super) async fn database(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let service = Service::start_with(&plan.server, place, &[], &bears_all()).await?;
    let (outcome, planted) = storm(plan, plan.clients, BUSY, &service, &["database"]).await?;
    report.check(
        "the database panics every 100 ms: 503 with Retry-After in 1 s",
        told_to_wait(&outcome)
            && outcome.slowest_failure < plan.within(Duration::from_secs(1))
            && planted >= panics(plan) / 2,
        format!("{planted} panics, {}", told(&outcome)),
    );
    nothing_lost(&outcome, place, report).await?;
    outbox::worked_off(&service, place, report).await
}

/// It panics more often than anything can be stored in between.
pub(super) async fn database_without_end(
    plan: &Plan,
    place: &Place,
    report: &mut Report,
) -> Result<()> {
    let service = Service::start_with(&plan.server, place, &[], &bears_all()).await?;
    let load = Load::start(service.address, plan.clients, BUSY);
    let (mut client, began, mut planted) = (service.client(), Instant::now(), 0);
    while began.elapsed() < WITHOUT_END {
        let answer = client.post("/debug/crash/database", b"").await?;
        planted += u32::from(answer.status == 202);
    }
    let outcome = load.stop().await;
    report.check(
        "it panics without end: 503 with Retry-After in 1 s",
        outcome.failures.contains_key("POST 503 with Retry-After")
            && told_to_wait(&outcome)
            && outcome.slowest_failure < plan.within(Duration::from_secs(1)),
        format!("{planted} panics, {}", told(&outcome)),
    );
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(10 * BETWEEN).await;
    let outcome = load.stop().await;
    report.check(
        "and it serves when that is over",
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty(),
        told(&outcome),
    );
    nothing_lost(&outcome, place, report).await?;
    outbox::worked_off(&service, place, report).await
}

/// More orders at once than may wait.
pub(super) async fn burst(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let variables = [("MAX_WAITING", (plan.clients / 5).max(1).to_string())];
    let service = Service::start_with(&plan.server, place, &[], &variables).await?;
    let load = Load::start(service.address, plan.clients, BUSY);
    sleep(10 * BETWEEN).await;
    let outcome = load.stop().await;
    let refused = ["POST 503 with Retry-After"];
    report.check(
        "more clients than orders may wait: 503 with Retry-After",
        outcome.failures.keys().eq(&refused) && !outcome.acknowledged.is_empty(),
        told(&outcome),
    );
    nothing_lost(&outcome, place, report).await?;
    outbox::worked_off(&service, place, report).await
}

/// Plants panics under load, one after the other in these children. How many were planted: the others met a child that was
/// just being restarted.
pub(super) async fn storm(
    plan: &Plan,
    clients: usize,
    habit: Habit,
    service: &Service,
    children: &[&str],
) -> Result<(Outcome, u32)> {
    let load = Load::start(service.address, clients, habit);
    let mut client = service.client();
    let (mut next, mut planted) = (Instant::now(), 0);
    for _ in 0..panics(plan) {
        for child in children {
            let answer = client.post(&format!("/debug/crash/{child}"), b"").await?;
            planted += u32::from(answer.status == 202);
        }
        next += BETWEEN;
        sleep_until(next).await;
    }
    sleep(BETWEEN).await;
    Ok((load.stop().await, planted))
}

fn panics(plan: &Plan) -> u32 {
    if plan.brief { FEW_PANICS } else { PANICS }
}

/// Many more restarts than it bears by default.
fn bears_all() -> [(&'static str, String); 1] {
    [("MAX_RESTARTS", u32::MAX.to_string())]
}

fn told_to_wait(outcome: &Outcome) -> bool {
    let mut failures = outcome.failures.keys();
    failures.all(|what| what.ends_with("503 with Retry-After"))
}

fn told(outcome: &Outcome) -> String {
    format!(
        "{} orders, slowest {:.1} ms, slowest failure {:.1?}; {}",
        outcome.acknowledged.len(),
        outcome.quantile(1.0),
        outcome.slowest_failure,
        outcome.failures()
    )
}
