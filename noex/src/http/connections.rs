//! The connections of a server, within bounds: a slow or hostile client costs others nothing.

use crate::process::dispose;
use crate::race::{Won, race};
use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// So many are open at most.
const MOST: usize = 128;
/// The head of a request is no larger, in bytes.
const HEAD: usize = 16 * 1024;
/// The next head must have come within this time.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// After this time a connection is closed, when what is being answered is.
const LIFE: Duration = Duration::from_secs(60);
/// No longer than this.
const GRACE: Duration = Duration::from_secs(3);

/// What a client gets that finds all connections busy.
const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

pub(super) struct Connections {
    routes: Router,
    /// The oldest first.
    open: Vec<Connection>,
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

struct Connection {
    task: AbortHandle,
    /// Whether a request is being handled.
    busy: Arc<AtomicBool>,
}

impl Connections {
    pub(super) fn new(routes: Router) -> Self {
        Connections {
            routes,
            open: Vec::new(),
            tasks: JoinSet::new(),
            stop: watch::Sender::new(false),
        }
    }

    /// Answers what comes over this one, if need be in the place of the oldest that waits for its client.
    pub(super) fn add(&mut self, stream: TcpStream) {
        while let Some(over) = self.tasks.try_join_next() {
            // What a handler panicked with may run code of the user's when dropped.
            let _ = dispose(over);
        }
        self.open
            .retain(|connection| !connection.task.is_finished());
        if self.open.len() >= MOST && !self.make_room() {
            let _ = stream.try_write(BUSY);
            return;
        }
        let busy = Arc::new(AtomicBool::new(false));
        let talk = talk(
            stream,
            self.routes.clone(),
            busy.clone(),
            self.stop.subscribe(),
        );
        let task = self.tasks.spawn(talk);
        self.open.push(Connection { task, busy });
    }

    fn make_room(&mut self) -> bool {
        let mut open = self.open.iter();
        let Some(at) = open.position(|connection| !connection.busy.load(Relaxed)) else {
            return false;
        };
        self.open.remove(at).task.abort();
        true
    }

    /// Ready when what is being answered is, or the grace is over.
    pub(super) async fn close(mut self) {
        self.stop.send_replace(true);
        while let Some(over) = self.tasks.join_next().await {
            let _ = dispose(over);
        }
    }
}

async fn talk(
    stream: TcpStream,
    routes: Router,
    busy: Arc<AtomicBool>,
    mut stop: watch::Receiver<bool>,
) {
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |request: Request<Incoming>| {
        busy.store(true, Relaxed);
        let (busy, answer) = (busy.clone(), routes.call(request));
        async move {
            let answer = answer.await;
            busy.store(false, Relaxed);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let over = pin!(async {
        let _ = race(stop.wait_for(|stop| *stop), sleep(LIFE)).await;
    });
    // A client that breaks the rules, or goes, has its answer or wants none.
    if let Won::Second(()) = race(connection.as_mut(), over).await {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(GRACE, connection).await;
    }
}
