//! As much HTTP/1.1 as the judge needs: one request at a time over a connection that is kept.

use crate::Result;
use serde_json::Value;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// No request of the judge takes longer, unless the service hangs.
const LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Client {
    service: SocketAddr,
    connection: Option<TcpStream>,
    /// Requests sent again because a kept connection was closed before it brought anything.
    pub(crate) resent: u64,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) retry_after: bool,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Client {
    pub(crate) fn new(service: SocketAddr) -> Self {
        Client {
            service,
            connection: None,
            resent: 0,
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> io::Result<Response> {
        self.request("GET", path, b"").await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &[u8]) -> io::Result<Response> {
        self.request("POST", path, body).await
    }

    async fn request(&mut self, method: &str, path: &str, body: &[u8]) -> io::Result<Response> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.service,
            body.len()
        );
        let request = [head.as_bytes(), body].concat();
        let late = || io::Error::new(io::ErrorKind::TimedOut, "no answer in 10 s");
        timeout(LIMIT, self.send(&request))
            .await
            .map_err(|_| late())?
    }

    async fn send(&mut self, request: &[u8]) -> io::Result<Response> {
        if let Some(mut kept) = self.connection.take() {
            match exchange(&mut kept, request).await {
                Ok(answer) => return Ok(self.keep(kept, answer)),
                // A server may close a kept connection at any time; that is no failure of the request.
                Err(Broken { begun: false, .. }) => self.resent += 1,
                Err(broken) => return Err(broken.error),
            }
        }
        let mut fresh = TcpStream::connect(self.service).await?;
        fresh.set_nodelay(true)?;
        match exchange(&mut fresh, request).await {
            Ok(answer) => Ok(self.keep(fresh, answer)),
            Err(broken) => Err(broken.error),
        }
    }

    fn keep(&mut self, connection: TcpStream, (response, keep): (Response, bool)) -> Response {
        self.connection = keep.then_some(connection);
        response
    }
}

struct Broken {
    error: io::Error,
    /// Some of the answer had come.
    begun: bool,
}

async fn exchange(
    connection: &mut TcpStream,
    request: &[u8],
) -> std::result::Result<(Response, bool), Broken> {
    let mut received = Vec::new();
    let answer = async {
        connection.write_all(request).await?;
        let head = loop {
            if let Some(end) = find(&received, b"\r\n\r\n") {
                break end + 4;
            }
            more(connection, &mut received).await?;
        };
        let text = String::from_utf8_lossy(&received[..head]).to_ascii_lowercase();
        let field = |name: &str| {
            let line = text.lines().find_map(|l| l.strip_prefix(name));
            line.map(str::trim)
        };
        let bad = || io::Error::new(io::ErrorKind::InvalidData, "not the HTTP that I know");
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
        let length = field("content-length:").unwrap_or("0");
        let length: usize = length.parse().map_err(|_| bad())?;
        while received.len() < head + length {
            more(connection, &mut received).await?;
        }
        let response = Response {
            status: status.ok_or_else(bad)?,
            retry_after: field("retry-after:").is_some(),
            body: received[head..].to_vec(),
        };
        Ok((response, field("connection:") != Some("close")))
    };
    let answer = answer.await;
    answer.map_err(|error| Broken {
        error,
        begun: !received.is_empty(),
    })
}

async fn more(connection: &mut TcpStream, received: &mut Vec<u8>) -> io::Result<()> {
    match connection.read_buf(received).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}
