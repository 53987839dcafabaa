//! Making and showing orders.

use super::Api;
use super::error::ApiError;
use super::patience::through_restarts;
use crate::order::{self, Order};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// `POST /orders`. Needs the database alone; the rest is told and not waited for.
pub(super) async fn create(
    State(api): State<Api>,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let json = serde_json::from_slice(&body?).map_err(ApiError::NotJson)?;
    let order = order::read(&json).map_err(ApiError::Invalid)?;
    let order = Arc::new(order.accept());

    let room = api.room.try_acquire().map_err(|_| ApiError::TooMany)?;
    let database = api.core.database();
    through_restarts(|| database.insert(order.clone())).await?;
    drop(room);

    api.core.cache().insert(order.id, order.clone());
    api.workers.wake();
    let location = [(LOCATION, format!("/orders/{}", order.id))];
    Ok((
        StatusCode::CREATED,
        location,
        Json(json!({ "id": order.id })),
    ))
}

/// An order, and whether everything is done about it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    order: Arc<Order>,
    /// Not known while the database is away.
    done: Option<bool>,
}

/// `GET /orders/{id}`, from the cache or else from the database.
pub(super) async fn find(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Shown>, ApiError> {
    let id: Uuid = id.parse().map_err(|_| ApiError::NotFound)?;
    let database = api.core.database();
    let load = async || {
        let order = through_restarts(|| database.find(id)).await?;
        order.map(Arc::new).ok_or(ApiError::NotFound)
    };
    let order = api.core.cache().get_or_insert_with(&id, load).await?;
    let done = database.is_pending(id).await.ok().map(|pending| !pending);
    Ok(Json(Shown { order, done }))
}
