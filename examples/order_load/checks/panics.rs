//! Planted panics.

use super::{CHILDREN, STEADY};
use crate::Result;
use crate::load::{BUSY, Load};
use crate::report::Report;
use crate::service::Service;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Rounds over all children. The root bears five failures in a minute: one of the api in each round, one for the last check.
const ROUNDS: usize = 3;
/// A little longer than what `core` remembers of its restarts.
const CORE_WINDOW: Duration = Duration::from_millis(5_200);

/// Each child panics in turn, while clients are at work.
pub(super) async fn under_load(service: &Service, report: &mut Report) -> Result<()> {
    for child in CHILDREN {
        let load = Load::start(service.address, 8, STEADY);
        sleep(Duration::from_millis(300)).await;
        let repair = service.crash(child).await?;
        sleep(Duration::from_millis(300)).await;
        let outcome = load.stop().await;
        // Every request needs the api, and every order the database.
        let unavoidable = |what: &String| match child {
            "api" => what.starts_with("POST connection") || what.starts_with("GET connection"),
            "database" => what == "POST 503 with Retry-After",
            _ => false,
        };
        report.check(
            format!("{child} crashes, requests go on"),
            outcome.failures.keys().all(unavoidable) && !outcome.acknowledged.is_empty(),
            format!(
                "repaired in {:.2} ms; {} orders, slowest {:.1} ms, {} read again, {} resent; {}",
                millis(repair),
                outcome.acknowledged.len(),
                outcome.quantile(1.0),
                outcome.read,
                outcome.resent,
                outcome.failures(),
            ),
        );
    }
    Ok(())
}

/// How long until another incarnation answers by the name of one that panics, with nothing else to do.
pub(super) async fn repair(service: &Service, report: &mut Report) -> Result<()> {
    let mut repairs = Vec::new();
    for _ in 1..ROUNDS {
        sleep(CORE_WINDOW).await;
        for child in CHILDREN {
            repairs.push((service.crash(child).await?, child));
        }
    }
    repairs.sort();
    let (median, _) = repairs[repairs.len() / 2];
    let (worst, of) = repairs[repairs.len() - 1];
    report.check(
        "crashes are repaired in less than 5 ms, median",
        median < Duration::from_millis(5),
        format!(
            "{:.2} ms of {}, worst {:.2} ms ({of})",
            millis(median),
            repairs.len(),
            millis(worst)
        ),
    );
    Ok(())
}

/// Four panics of the database within 5 s are more than `core` bears.
pub(super) async fn escalation(service: &Service, report: &mut Report) -> Result<()> {
    sleep(CORE_WINDOW).await;
    let before = service.restarts().await?;
    let config = service.incarnation(&mut service.client(), "config").await?;
    let began = Instant::now();
    let mut third = None;
    for crash in 1..=4 {
        if crash == 4 {
            third = Some(service.restarts().await?["core"] - before["core"]);
        }
        service.crash("database").await?;
    }
    let took = began.elapsed();
    sleep(Duration::from_secs(1)).await;
    let after = service.restarts().await?;
    let restarts = after["core"] - before["core"];
    let anew = service.incarnation(&mut service.client(), "config").await? != config;
    report.check(
        "the 4th database panic within 5 s restarts core, once",
        third == Some(0) && restarts == 1 && anew && took < Duration::from_secs(5),
        format!("4 panics in {took:.1?}, {restarts} restart(s) of core"),
    );
    let load = Load::start(service.address, 8, BUSY);
    sleep(Duration::from_millis(300)).await;
    let outcome = load.stop().await;
    report.check(
        "after that it serves as before",
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty(),
        format!(
            "{} orders; {}",
            outcome.acknowledged.len(),
            outcome.failures()
        ),
    );
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
