//! With `NOEX_CHAOS=1`: panics on demand, and whether a child answers by its name.

use super::Api;
use super::error::ApiError;
use crate::chaos::{cache, panic_in};
use crate::config::Config;
use crate::database::Database;
use crate::workers::Worker;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use noex::{CallError, System};
use serde_json::{Value, json};

/// `POST /debug/crash/{child}`: 202 when the child will panic, 409 when it is not running.
pub(super) async fn crash(State(api): State<Api>, Path(child): Path<String>) -> StatusCode {
    match panic_in(&child, &api.shared) {
        Some(true) => StatusCode::ACCEPTED,
        Some(false) => StatusCode::CONFLICT,
        None => StatusCode::NOT_FOUND,
    }
}

/// `GET /debug/ping/{child}`: asks the child by its name; tells which incarnation has it.
pub(super) async fn ping(Path(child): Path<String>) -> Result<Json<Value>, ApiError> {
    match &*child {
        "config" => drop(Config::named("config").settings().await?),
        "database" => drop(Database::named("database").totals().await?),
        "cache" => drop(cache().stats().ok_or(<CallError>::NotRunning)?),
        "email" | "pdf" | "notification" => Worker::named(&*child).ping().await?,
        "api" => {}
        _ => return Err(ApiError::NotFound),
    }
    let pid = System::current().registry().whereis(&child);
    Ok(Json(json!({ "pid": pid.map(|pid| pid.to_string()) })))
}
