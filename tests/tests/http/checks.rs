//! What a program checks beside its processes.

use super::{Outcome, Quiet, get, serving};
use noex::System;
use noex::http::Health;
use std::future::{pending, ready};

fn fails() -> std::future::Ready<Result<(), &'static str>> {
    ready(Err("no route to the mail server"))
}

#[noex::test]
async fn s43_a_failed_check_says_why_and_takes_readiness() -> Outcome {
    Quiet::start().await?;
    let health = Health::new()
        .check("mail", fails)
        .check("disk", || ready(Ok::<_, String>(())));
    let address = serving(health).await?;
    let answer = get(address, "/health/detailed").await?;
    let body = answer.json()?;
    assert_eq!(
        (answer.code, body["status"].as_str()),
        (503, Some("unhealthy"))
    );
    assert_eq!(body["checks"]["mail"]["status"], "failed");
    assert_eq!(
        body["checks"]["mail"]["error"],
        "no route to the mail server"
    );
    assert_eq!(body["checks"]["disk"]["status"], "ok");
    assert_eq!(get(address, "/health").await?.code, 503);
    assert_eq!(get(address, "/ready").await?.code, 503);
    assert_eq!(get(address, "/health/live").await?.code, 200);
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn s43_an_optional_check_only_degrades() -> Outcome {
    Quiet::start().await?;
    let address = serving(Health::new().optional_check("mail", fails)).await?;
    let answer = get(address, "/health").await?;
    assert_eq!(
        (answer.code, answer.json()?["status"].as_str()),
        (200, Some("degraded"))
    );
    assert_eq!(get(address, "/ready").await?.code, 200);
    System::current().stop().await;
    Ok(())
}

async fn panics() -> Result<(), String> {
    panic!("in a check")
}

#[noex::test]
async fn a_check_that_panics_has_failed() -> Outcome {
    Quiet::start().await?;
    let health = Health::new()
        .check("at once", || -> std::future::Ready<Result<(), String>> {
            panic!("in a check")
        })
        .check("later", panics);
    let address = serving(health).await?;
    let body = get(address, "/health/detailed").await?.json()?;
    for check in ["at once", "later"] {
        assert_eq!(
            body["checks"][check]["error"], "the check panicked",
            "{check}"
        );
    }
    System::current().stop().await;
    Ok(())
}

#[noex::test(paused)]
async fn a_check_that_hangs_has_failed_after_two_seconds() -> Outcome {
    Quiet::start().await?;
    let health = Health::new().check("deaf", pending::<Result<(), String>>);
    let address = serving(health).await?;
    let body = get(address, "/health/detailed").await?.json()?;
    assert_eq!(body["checks"]["deaf"]["error"], "no answer within 2s");
    System::current().stop().await;
    Ok(())
}
