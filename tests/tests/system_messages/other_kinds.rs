//! What supervisors and tasks, which are no servers, tell of themselves.

use super::Outcome;
use noex::prelude::*;
use noex::supervisor::{DynamicSpec, DynamicSupervisor};
use noex::{SystemMessageError, Task};
use std::time::Duration;
use tokio::sync::oneshot;

struct Worker;

#[gen_server]
impl Worker {
    #[init]
    pub(crate) fn new() -> Self {
        Self
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }
}

supervisor! {
    struct Shop() {
        worker: Worker(),
        #[child(restart = temporary)]
        work: task(noex::stopping()),
        inner: {
            deep: Worker(),
        },
    }
}

/// Of each child its id, its state, and how often it was restarted.
fn children(state: &serde_json::Value) -> Vec<String> {
    let children = state.as_array().expect("a list");
    let told = children.iter().map(|child| {
        let text = |key: &str| child[key].as_str().unwrap_or("none");
        let restarts = child["restarts"].as_u64().expect("a number");
        format!("{} {} {restarts}", text("id"), text("state"))
    });
    told.collect()
}

#[noex::test]
async fn sy_07_supervisors_have_a_status() -> Outcome {
    let shop = Shop::start().name("shop").await?;
    shop.worker().crash()?;
    while shop.children().await?[0].restarts == 0 {
        tokio::task::yield_now().await;
    }
    shop.terminate_child("inner").await?;
    let status = shop.get_status().await?;
    assert_eq!(status.pid, shop.pid().expect("it runs"));
    assert_eq!((status.server, status.parent), ("Supervisor", None));
    assert_eq!(status.name, Some("shop".into()));
    let state = status.state.expect("it shows its children");
    let expected = ["worker running 1", "work running 0", "inner stopped 0"];
    assert_eq!(children(state.as_json()), expected);
    let worker = shop.worker().pid().expect("it runs").to_string();
    assert_eq!(state.as_json()[0]["pid"], worker);
    assert!(state.as_json()[2]["pid"].is_null());
    let none = shop.inner().get_status().await;
    assert_eq!(none, Err(SystemMessageError::NotRunning));

    let many = DynamicSupervisor::start(DynamicSpec::new("many")).await?;
    for _ in 0..3 {
        many.start_child(Worker::child_spec()).await?;
    }
    let state = many.get_status().await?.state.expect("it counts them");
    assert_eq!(state.to_string(), r#"{"active":3,"children":3}"#);
    System::current().stop().await;
    Ok(())
}

#[noex::test(paused)]
async fn sy_07_tasks_have_a_status() -> Outcome {
    let shop = Shop::start().await?;
    let status = shop.work().get_status().await?;
    assert_eq!((status.server, status.parent), ("Task", shop.pid()));
    assert_eq!(Some(status.pid), shop.work().pid());
    assert!(status.state.is_none() && !status.suspended);
    // It is answered between two polls, whatever the task waits for.
    let (_open, closed) = oneshot::channel::<()>();
    let waiting = Task::start(async { drop(closed.await) }).name("waiting");
    let waiting = waiting.await?;
    let status = waiting.get_status().timeout(Duration::from_secs(1)).await?;
    assert_eq!((status.name, status.parent), (Some("waiting".into()), None));
    waiting.kill();
    waiting.exited().await?;
    let none = waiting.get_status().await;
    assert_eq!(none, Err(SystemMessageError::NotRunning));
    System::current().stop().await;
    Ok(())
}
