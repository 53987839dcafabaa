//! Figures.

use super::Api;
use super::error::ApiError;
use super::patience::through_restarts;
use crate::order::Work;
use axum::Json;
use axum::extract::State;
use noex::CallError;
use noex::supervisor::TreeHandle;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `GET /stats`: what is stored, what is done and what is left to do, how often what was restarted.
pub(super) async fn stats(State(api): State<Api>) -> Result<Json<Value>, ApiError> {
    let database = api.core.database();
    let totals = through_restarts(|| database.totals()).await?;
    let workers = Work::ALL
        .into_iter()
        .zip(totals.pending)
        .map(|(work, pending)| {
            let done = totals.orders - pending;
            let failures = api.shared.failures(work);
            let figures = json!({ "pending": pending, "done": done, "failures": failures });
            (work.name().to_owned(), figures)
        });
    Ok(Json(json!({
        "orders": totals.orders,
        "revenue_cents": totals.revenue_cents,
        "workers": Value::Object(workers.collect()),
        "restarts": restarts(&api).await?,
    })))
}

/// Restarts by place in the tree. Those inside a part count from the last restart of that part.
async fn restarts(api: &Api) -> Result<BTreeMap<String, u64>, CallError> {
    let mut restarts = BTreeMap::new();
    if let Some(app) = api.shared.app.get() {
        add(app, "", &mut restarts).await?;
    }
    add(&api.core, "core.", &mut restarts).await?;
    add(&api.workers, "workers.", &mut restarts).await?;
    Ok(restarts)
}

async fn add(
    tree: &TreeHandle,
    prefix: &str,
    restarts: &mut BTreeMap<String, u64>,
) -> Result<(), CallError> {
    let children = through_restarts(|| tree.children()).await?;
    restarts.extend(
        children
            .into_iter()
            .map(|child| (format!("{prefix}{}", child.id), child.restarts)),
    );
    Ok(())
}
