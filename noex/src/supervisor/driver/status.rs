//! What an observer may see of a supervisor.

use super::Driver;
use crate::status::Status;
use serde_json::json;
use std::any::Any;

/// Its children; how many they are where they come and go, as they may be very many.
pub(in crate::supervisor) fn show(state: &dyn Any) -> Option<Status> {
    let driver = state.downcast_ref::<Driver>()?;
    if driver.dynamic.is_some() {
        let count = driver.count();
        let counts = json!({ "children": count.specs, "active": count.active });
        return Some(Status::of(&counts));
    }
    let children = driver.statuses();
    let children = children.iter().map(|child| {
        json!({
            "id": child.id,
            "pid": child.pid.map(|pid| pid.to_string()),
            "state": child.state.to_string(),
            "restarts": child.restarts,
        })
    });
    Some(Status::of(&children.collect::<Vec<_>>()))
}
