//! `/ready`.

use super::{Outcome, Quiet, get, serving};
use noex::System;
use noex::http::Health;
use serde_json::json;

#[noex::test]
async fn s41_it_is_ready_when_all_names_are_there() -> Outcome {
    let address = serving(Health::new().ready_when(["config", "database"])).await?;
    let config = Quiet::start().name("config").await?;
    let answer = get(address, "/ready").await?;
    assert_eq!((answer.code, &*answer.body), (503, "NOT READY"));
    let answer = get(address, "/health/ready").await?;
    assert_eq!(answer.code, 503);
    assert_eq!(answer.json()?["missing"], json!(["database"]));
    Quiet::start().name("database").await?;
    let answer = get(address, "/ready").await?;
    assert_eq!((answer.code, &*answer.body), (200, "OK"));
    assert_eq!(
        get(address, "/health/ready").await?.json()?["status"],
        "ready"
    );
    config.stop().await?;
    assert_eq!(get(address, "/ready").await?.code, 503);
    System::current().stop().await;
    Ok(())
}
