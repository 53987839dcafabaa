//! `/health` and its relatives.

use super::{Outcome, Quiet, get, serving};
use noex::System;
use noex::http::Health;

#[noex::test]
async fn s39_without_processes_it_is_not_well() -> Outcome {
    let address = serving(Health::new()).await?;
    let answer = get(address, "/health").await?;
    assert_eq!(
        (answer.code, answer.json()?["status"].as_str()),
        (503, Some("unhealthy"))
    );
    Quiet::start().await?;
    let answer = get(address, "/health").await?;
    assert_eq!(
        (answer.code, answer.json()?["status"].as_str()),
        (200, Some("healthy"))
    );
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn s40_the_body_has_the_keys_of_the_guide_and_no_other() -> Outcome {
    Quiet::start().await?;
    let address = serving(Health::new()).await?;
    let body = get(address, "/health").await?.json()?;
    let mut keys: Vec<_> = body
        .as_object()
        .ok_or("no object")?
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        ["activeAlerts", "memory", "processCount", "status", "uptime"]
    );
    assert_eq!(
        (&body["processCount"], &body["activeAlerts"]),
        (&1.into(), &0.into())
    );
    assert!(
        body["uptime"]
            .as_f64()
            .is_some_and(|s| (0.0..3600.0).contains(&s)),
        "{body}"
    );
    assert!(body["memory"]["heapUsed"].is_null());
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn s39_the_rule_can_be_replaced() -> Outcome {
    let address =
        serving(Health::new().healthy_when(|snapshot| snapshot.process_count == 0)).await?;
    assert_eq!(get(address, "/health").await?.code, 200);
    Quiet::start().await?;
    assert_eq!(get(address, "/health").await?.code, 503);
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn s42_other_paths_are_not_found() -> Outcome {
    let address = serving(Health::new()).await?;
    for path in ["/", "/healthy", "/health/", "/observer/x"] {
        let answer = get(address, path).await?;
        assert_eq!((answer.code, &*answer.body), (404, "Not Found"), "{path}");
    }
    Ok(())
}

/// Also while nothing runs: who restarts it for that reason helps nobody.
#[noex::test]
async fn s43_it_lives_as_long_as_it_answers() -> Outcome {
    let address = serving(Health::new()).await?;
    let answer = get(address, "/health/live").await?;
    assert_eq!((answer.code, &*answer.body), (200, r#"{"status":"alive"}"#));
    let answer = get(address, "/health/startup").await?;
    assert_eq!(
        (answer.code, &*answer.body),
        (200, r#"{"status":"started"}"#)
    );
    Ok(())
}

#[noex::test]
async fn d16_the_observer_is_there_as_json_and_as_a_drawing() -> Outcome {
    Quiet::start().name("quiet").await?;
    let address = serving(Health::new()).await?;
    let snapshot = get(address, "/observer").await?.json()?;
    assert_eq!(snapshot["processCount"], 1);
    assert_eq!(snapshot["tree"][0]["name"], "quiet");
    let drawn = get(address, "/observer/tree").await?;
    assert!(
        drawn
            .head
            .contains("content-type: text/plain; charset=utf-8"),
        "{}",
        drawn.head
    );
    assert!(drawn.body.starts_with("quiet  <"), "{}", drawn.body);
    let history = get(address, "/observer/history").await?.json()?;
    assert_eq!(history, serde_json::json!([]));
    System::current().stop().await;
    Ok(())
}
