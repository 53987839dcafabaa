//! The HTTP interface.

mod chaos;
mod error;
mod orders;
mod patience;
mod stats;

use crate::shared::Shared;
use crate::{AppCore, AppWorkers};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use noex::http::Health;
use std::future::IntoFuture;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Without these no request can be answered well.
const REQUIRED: [&str; 3] = ["config", "database", "cache"];

/// The largest order that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// What every request can use. The refs follow restarts.
#[derive(Clone, Debug)]
struct Api {
    shared: Arc<Shared>,
    core: AppCore,
    workers: AppWorkers,
    /// For orders that wait to be stored.
    room: Arc<Semaphore>,
}

/// Serves until it is to stop; then finishes the requests that it has.
///
/// # Errors
///
/// When the listener can no longer be used.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    core: AppCore,
    workers: AppWorkers,
) -> io::Result<()> {
    let listener = TcpListener::from_std(shared.listener()?)?.tap_io(|connection| {
        // An answer is one small write: nothing is gained by waiting for more.
        let _ = connection.set_nodelay(true);
    });
    let api = Api {
        shared: shared.clone(),
        core,
        workers,
        room: Arc::new(Semaphore::new(shared.settings.max_waiting)),
    };
    let (stopping, door) = (noex::stopping(), shared.clone());
    let end = async move {
        stopping.await;
        door.close();
    };
    let server = axum::serve(listener, routes(api)).with_graceful_shutdown(end);
    tokio::select! {
        served = server.into_future() => served,
        () = shared.crash_api.notified() => panic!("a planted panic"),
    }
}

fn routes(api: Api) -> Router {
    let mut routes = Router::new()
        .route("/orders", post(orders::create))
        .route("/orders/{id}", get(orders::find))
        .route("/stats", get(stats::stats));
    if api.shared.settings.chaos {
        routes = routes
            .route("/debug/crash/{child}", post(chaos::crash))
            .route("/debug/ping/{child}", get(chaos::ping));
    }
    routes
        .fallback(async || (StatusCode::NOT_FOUND, "Not Found"))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(api)
        .merge(Health::new().ready_when(REQUIRED).routes())
}
