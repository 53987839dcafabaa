//! What the service sends to: a mail server and a webhook.

use crate::Result;
use crate::tls::Encrypted;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
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

/// How its connections become encrypted.
#[derive(Clone)]
pub(crate) enum Encryption {
    Never,
    FromTheBeginning(TlsAcceptor),
    /// When the client has said STARTTLS, which it must.
    StartTls(TlsAcceptor),
}

impl MailServer {
    pub(crate) async fn start(encryption: Encryption) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mails = Received::default();
        let received = mails.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, encryption.clone(), received.clone()));
            }
        });
        Ok(MailServer { address, mails })
    }
}

async fn serve(
    mut connection: TcpStream,
    encryption: Encryption,
    mails: Received,
) -> io::Result<()> {
    match encryption {
        Encryption::Never => {
            connection.write_all(READY).await?;
            converse(connection, mails).await
        }
        Encryption::FromTheBeginning(identity) => {
            let mut encrypted = identity.accept(connection).await?;
            encrypted.write_all(READY).await?;
            converse(encrypted, mails).await
        }
        Encryption::StartTls(identity) => {
            connection.write_all(READY).await?;
            let mut plain = BufReader::new(&mut connection);
            let mut line = String::new();
            while read(&mut plain, &mut line).await? && !line.starts_with("STARTTLS") {
                plain.write_all(b"250-well\r\n250 STARTTLS\r\n").await?;
            }
            plain.write_all(b"220 go on\r\n").await?;
            converse(identity.accept(connection).await?, mails).await
        }
    }
}

const READY: &[u8] = b"220 ready\r\n";

/// The receiver's side of SMTP, after the greeting.
async fn converse(
    connection: impl AsyncRead + AsyncWrite + Unpin,
    mails: Received,
) -> io::Result<()> {
    let mut connection = BufReader::new(connection);
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
        // What is encrypted is sent in pieces of its own.
        connection.flush().await?;
    }
    Ok(())
}

/// Reads a mail; the order in its `Message-ID`.
async fn mail(connection: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Uuid>> {
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

async fn read(connection: &mut (impl AsyncBufRead + Unpin), line: &mut String) -> io::Result<bool> {
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
    /// With TLS when it has an identity.
    pub(crate) async fn start(identity: Option<TlsAcceptor>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let notices = Received::default();
        let (hangs, hanging) = watch::channel(false);
        let routes = Router::new()
            .route("/orders", post(notice))
            .with_state((notices.clone(), hanging));
        tokio::spawn(async move {
            match identity {
                None => axum::serve(listener, routes).await,
                Some(identity) => axum::serve(Encrypted { listener, identity }, routes).await,
            }
        });
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
