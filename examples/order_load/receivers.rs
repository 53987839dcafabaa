//! What the service sends to: a mail server and a webhook.

use crate::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uuid::Uuid;

/// How often each order came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received(Arc<Mutex<HashMap<Uuid, u32>>>);

impl Received {
    pub(crate) fn orders(&self) -> HashMap<Uuid, u32> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn add(&self, id: Uuid) {
        let mut orders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *orders.entry(id).or_default() += 1;
    }
}

/// A mail server that accepts everything.
#[derive(Debug)]
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    pub(crate) mails: Received,
}

impl MailServer {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mails = Received::default();
        let received = mails.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(converse(connection, received.clone()));
            }
        });
        Ok(MailServer { address, mails })
    }
}

/// The receiver's side of SMTP.
async fn converse(connection: TcpStream, mails: Received) -> std::io::Result<()> {
    let mut connection = BufReader::new(connection);
    connection.write_all(b"220 ready\r\n").await?;
    let mut line = String::new();
    while read(&mut connection, &mut line).await? {
        let command = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match &*command {
            "DATA" => {
                connection.write_all(b"354 go on\r\n").await?;
                let Some(id) = mail(&mut connection).await? else {
                    return Ok(());
                };
                mails.add(id);
                "250 taken\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 well\r\n",
        };
        connection.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// Reads a mail; the order in its `Message-ID`.
async fn mail(connection: &mut BufReader<TcpStream>) -> std::io::Result<Option<Uuid>> {
    let (mut line, mut id) = (String::new(), None);
    while read(connection, &mut line).await? {
        if line == ".\r\n" {
            return Ok(id);
        }
        let value = line.strip_prefix("Message-ID: <");
        let order = value.and_then(|value| value.split_once('@')?.0.parse().ok());
        id = id.or(order);
    }
    Ok(None)
}

async fn read(connection: &mut BufReader<TcpStream>, line: &mut String) -> std::io::Result<bool> {
    line.clear();
    Ok(connection.read_line(line).await? > 0)
}

/// A receiver of notices that can be made to hang.
#[derive(Debug)]
pub(crate) struct Webhook {
    pub(crate) address: SocketAddr,
    pub(crate) notices: Received,
    hangs: watch::Sender<bool>,
}

impl Webhook {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let notices = Received::default();
        let (hangs, hanging) = watch::channel(false);
        let routes = Router::new()
            .route("/orders", post(notice))
            .with_state((notices.clone(), hanging));
        tokio::spawn(async { axum::serve(listener, routes).await });
        Ok(Webhook {
            address,
            notices,
            hangs,
        })
    }

    /// Whether it shall take notices and answer nothing.
    pub(crate) fn hang(&self, hang: bool) {
        self.hangs.send_replace(hang);
    }
}

/// 400 unless the key is the id of the order.
async fn notice(
    State((notices, mut hanging)): State<(Received, watch::Receiver<bool>)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let _ = hanging.wait_for(|hangs| !hangs).await;
    let notice: Value = serde_json::from_slice(&body).unwrap_or_default();
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok());
    match key.and_then(|key| key.parse().ok()) {
        Some(id) if notice["order"]["id"].as_str() == key => {
            notices.add(id);
            StatusCode::NO_CONTENT
        }
        _ => StatusCode::BAD_REQUEST,
    }
}
