//! Whether the service is well, and whether it is ready.

use super::Api;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use noex::{Phase, System};
use serde_json::{Value, json};

/// Without these no request can be answered well.
const REQUIRED: [&str; 3] = ["config", "database", "cache"];

/// `GET /health`, for load balancers and people.
pub(super) async fn health(State(api): State<Api>) -> (StatusCode, Json<Value>) {
    let system = System::current();
    let processes = system.processes().len();
    let healthy = processes > 0 && system.phase() <= Phase::Running;
    let (code, status) = match healthy {
        true => (StatusCode::OK, "healthy"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy"),
    };
    let body = json!({
        "status": status,
        "processCount": processes,
        "activeAlerts": 0,
        "uptime": api.shared.started.elapsed().as_secs_f64(),
        "memory": { "rss": resident_bytes(), "heapUsed": null, "heapTotal": null },
    });
    (code, Json(body))
}

/// `GET /ready`: whether more requests should be sent here.
pub(super) async fn ready() -> (StatusCode, &'static str) {
    let system = System::current();
    let there = |name: &&str| system.registry().whereis(name).is_some();
    if REQUIRED.iter().all(there) && system.phase() == Phase::Running {
        (StatusCode::OK, "OK")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "NOT READY")
    }
}

/// What the program occupies in memory, where the system tells.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}
