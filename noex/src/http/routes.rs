//! What is answered.

use super::check::{Checked, run_all};
use super::health::Health;
use crate::application::Phase;
use crate::clock;
use crate::observer::{Sample, Snapshot};
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use std::sync::Arc;

type Asked = State<Arc<Health>>;

pub(super) fn all(health: Health) -> Router {
    Router::new()
        .route("/health", get(health_short))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready_json))
        .route("/health/startup", get(startup))
        .route("/health/detailed", get(health_detailed))
        .route("/ready", get(ready))
        .route("/observer", get(observer))
        .route("/observer/history", get(history))
        .route("/observer/tree", get(tree))
        .route("/observer/table", get(table))
        .with_state(Arc::new(health))
}

async fn health_short(State(health): Asked) -> Response {
    let (code, body) = health_body(&health).await;
    (code, Json(body.0)).into_response()
}

async fn health_detailed(State(health): Asked) -> Response {
    let (code, (mut body, checks)) = health_body(&health).await;
    body["checks"] = by_name(&checks);
    (code, Json(body)).into_response()
}

async fn health_body(health: &Health) -> (StatusCode, (Value, Vec<Checked>)) {
    let checks = run_all(&health.checks).await;
    let snapshot = health.observer().snapshot();
    let (code, status) = if !health.is_well(&snapshot) || checks.iter().any(Checked::is_fatal) {
        (StatusCode::SERVICE_UNAVAILABLE, "unhealthy")
    } else if checks.iter().all(Checked::is_ok) {
        (StatusCode::OK, "healthy")
    } else {
        (StatusCode::OK, "degraded")
    };
    (code, (described(status, &snapshot), checks))
}

fn described(status: &str, snapshot: &Snapshot) -> Value {
    json!({
        "status": status,
        "processCount": snapshot.process_count,
        // There are none yet, so none is active.
        "activeAlerts": 0,
        "uptime": clock::uptime().as_secs_f64(),
        "memory": snapshot.memory_stats,
    })
}

/// Whether requests should be sent here, and what is missing for that.
async fn readiness(health: &Health) -> (bool, Value) {
    let checks = run_all(&health.checks).await;
    let missing = health.missing();
    let ready = health.is_open() && missing.is_empty() && !checks.iter().any(Checked::is_fatal);
    let missing: Vec<&str> = missing.into_iter().map(|name| &**name).collect();
    let body = json!({
        "status": if ready { "ready" } else { "not_ready" },
        "missing": missing,
        "checks": by_name(&checks),
    });
    (ready, body)
}

async fn ready(State(health): Asked) -> Response {
    match readiness(&health).await {
        (true, _) => (StatusCode::OK, "OK").into_response(),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "NOT READY").into_response(),
    }
}

async fn ready_json(State(health): Asked) -> Response {
    let (ready, body) = readiness(&health).await;
    let code = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (code, Json(body)).into_response()
}

/// That it is answered is the answer.
async fn live() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

async fn startup(State(health): Asked) -> Response {
    match health.system.phase() {
        Phase::Starting => {
            let body = Json(json!({ "status": "starting" }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
        _ => Json(json!({ "status": "started" })).into_response(),
    }
}

async fn observer(State(health): Asked) -> Json<Snapshot> {
    Json(health.observer().snapshot())
}

async fn history(State(health): Asked) -> Json<Vec<Sample>> {
    Json(health.observer().history())
}

async fn tree(State(health): Asked) -> String {
    health.observer().snapshot().to_string()
}

async fn table(State(health): Asked) -> String {
    health.observer().snapshot().table()
}

fn by_name(checks: &[Checked]) -> Value {
    let checks = checks.iter().map(|c| (c.name().to_owned(), c.to_json()));
    Value::Object(checks.collect::<Map<_, _>>())
}
