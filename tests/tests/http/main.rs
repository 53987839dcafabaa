//! S38-S43: health, readiness and the observer over HTTP, asked as a probe would.

mod call_errors;
mod checks;
mod clients;
mod health;
mod phases;
mod readiness;
mod served;

use noex::http::Health;
use noex::prelude::*;
use serde_json::Value;
use std::error::Error;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

struct Quiet;

#[gen_server]
impl Quiet {
    #[init]
    fn new() -> Self {
        Self
    }
}

/// An answer.
struct Answer {
    code: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Outcome<Value> {
        assert!(
            self.head.contains("content-type: application/json"),
            "{}",
            self.head
        );
        Ok(serde_json::from_str(&self.body)?)
    }
}

async fn get(address: SocketAddr, path: &str) -> Outcome<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no end of the head")?;
    let code = head.split(' ').nth(1).ok_or("no status")?.parse()?;
    Ok(Answer {
        code,
        head: head.to_lowercase(),
        body: body.to_owned(),
    })
}

/// Serves on a free port until the test is over.
async fn serving(health: Health) -> Outcome<SocketAddr> {
    let server = health.bind(([127, 0, 0, 1], 0)).await?;
    let address = server.address();
    tokio::spawn(server.serve());
    Ok(address)
}
