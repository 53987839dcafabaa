//! Serving the routes on an address of their own.

use super::connections::Connections;
use super::health::Health;
use crate::process::stopping;
use crate::race::{Won, race};
use axum::http::StatusCode;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

const RETRY: Duration = Duration::from_secs(1);

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

    /// Answers, other paths with 404 `Not Found`, until the process that it runs in is [to stop](crate::stopping); then finishes the answers that
    /// are begun. Outside of a process it answers until it is dropped.
    ///
    /// Clients cannot keep it busy: at most 128 connections are open, and the oldest that waits for its client makes room for a
    /// new one; the head of a request has 10 seconds to come, and 16 KiB; no connection lasts longer than a minute or so.
    pub async fn serve(self) {
        let routes = self.health.routes();
        let routes = routes.fallback(async || (StatusCode::NOT_FOUND, "Not Found"));
        let mut connections = Connections::new(routes);
        let mut stopping = pin!(stopping());
        loop {
            match race(stopping.as_mut(), next(&self.listener)).await {
                Won::First(()) => break,
                Won::Second(stream) => connections.add(stream),
            }
        }
        drop(self.listener);
        connections.close().await;
    }
}

/// The next client. When there can be none, because the program has too many files open, others may end meanwhile.
async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::warn!(target: "noex::http", %error, "no connection can be accepted; tried again in {RETRY:?}");
                sleep(RETRY).await;
            }
        }
    }
}

/// It has gone before it was accepted.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
