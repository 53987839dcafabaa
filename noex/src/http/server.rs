//! Serving the routes on an address of their own.

use super::health::Health;
use crate::process::stopping;
use axum::http::StatusCode;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Listens, and answers once it is [served](Self::serve); see [`Health::bind`].
#[derive(Debug)]
#[must_use = "it listens, and answers nobody before it is served"]
pub struct HealthServer {
    health: Health,
    listener: TcpListener,
    address: SocketAddr,
}

impl HealthServer {
    pub(super) async fn bind(health: Health, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        tracing::info!(target: "noex::http", %address, "health server listening");
        Ok(HealthServer {
            health,
            listener,
            address,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers, other paths with 404 `Not Found`, until the process that it runs in is [to stop](crate::stopping); then finishes the answers that are begun.
    /// Outside of a process it answers until it is dropped.
    ///
    /// # Errors
    ///
    /// When the listener can no longer be used.
    pub async fn serve(self) -> io::Result<()> {
        let routes = self.health.routes();
        let routes = routes.fallback(async || (StatusCode::NOT_FOUND, "Not Found"));
        axum::serve(self.listener, routes)
            .with_graceful_shutdown(stopping())
            .await
    }
}
