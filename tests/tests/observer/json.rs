//! What is written: the field names of the guide.

use super::{Counter, Outcome, Shop};
use noex::{Observer, System};
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

#[noex::test]
async fn s40_a_snapshot_has_the_names_of_the_guide() -> Outcome {
    let shop = Shop::start().await?;
    let snapshot = serde_json::to_value(Observer::current().snapshot())?;
    let top = [
        "timestamp",
        "servers",
        "supervisors",
        "tree",
        "processCount",
        "totalMessages",
        "totalRestarts",
        "memoryStats",
    ];
    for key in top {
        assert!(snapshot.get(key).is_some(), "{key}");
    }
    assert_eq!(snapshot["processCount"], 5);
    let memory = keys(&snapshot["memoryStats"]);
    for key in ["rss", "heapUsed", "heapTotal", "external", "timestamp"] {
        assert!(memory.contains(&key), "{key}");
    }
    let root = &snapshot["tree"][0];
    assert_eq!(
        (&root["type"], &root["name"]),
        (&json!("supervisor"), &json!("Shop"))
    );
    let database = &root["children"][0]["children"][0];
    assert_eq!(
        (&database["type"], &database["name"]),
        (&json!("genserver"), &json!("database"))
    );
    for key in [
        "id",
        "name",
        "status",
        "queueSize",
        "messageCount",
        "startedAt",
        "uptimeMs",
    ] {
        assert!(database["stats"].get(key).is_some(), "{key}");
    }
    for key in [
        "id",
        "strategy",
        "childCount",
        "totalRestarts",
        "startedAt",
        "uptimeMs",
    ] {
        assert!(root["stats"].get(key).is_some(), "{key}");
    }
    shop.stop().await?;
    Ok(())
}

#[noex::test]
async fn s26_events_have_the_names_of_the_guide() -> Outcome {
    let mut events = Observer::current().events();
    let counter = Counter::start_as("visits", 0).await?;
    let id = counter.pid().expect("it runs").to_string();
    counter.stop().await?;
    let started = serde_json::to_value(events.next().await)?;
    assert_eq!(started["type"], "server_started");
    assert_eq!(
        (&started["stats"]["id"], &started["stats"]["name"]),
        (&json!(id), &json!("visits"))
    );
    let stopped = serde_json::to_value(events.next().await)?;
    assert_eq!(
        (&stopped["type"], &stopped["id"], &stopped["reason"]),
        (&json!("server_stopped"), &json!(id), &json!("normal"))
    );
    System::current().stop().await;
    Ok(())
}

#[cfg(target_os = "linux")]
#[noex::test]
async fn s40_memory_is_what_the_operating_system_says() -> Outcome {
    let held = vec![1_u8; 64 << 20];
    let with = Observer::current().memory_stats().rss.expect("Linux tells");
    drop(held);
    assert!(with > 64 << 20, "{with}");
    assert!(with < 16 << 30, "{with}");
    Ok(())
}
