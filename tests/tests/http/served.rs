//! The server as a child of a tree.

use super::{Outcome, Quiet, get};
use noex::http::Health;
use noex::prelude::*;
use std::net::{SocketAddr, TcpListener};

supervisor! {
    struct Probed(address: SocketAddr) {
        #[child(name = "quiet")]
        quiet: Quiet(),
        health: task(Health::new().ready_when(["quiet"]).serve(*address)),
    }
}

#[noex::test]
async fn s38_it_is_a_child_that_ends_with_its_tree() -> Outcome {
    // Free a moment ago, and nobody else's on this machine of tests.
    let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let tree = Probed::start(address).await?;
    let answer = loop {
        match get(address, "/ready").await {
            Ok(answer) => break answer,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert_eq!(answer.code, 200);
    let stopped = tree.stop().await?;
    assert!(stopped.is_clean(), "{stopped:?}");
    assert!(get(address, "/ready").await.is_err());
    Ok(())
}

#[noex::test]
async fn s38_an_address_in_use_is_an_error() -> Outcome {
    let taken = TcpListener::bind(("127.0.0.1", 0))?;
    let refused = Health::new().bind(taken.local_addr()?).await;
    assert_eq!(
        refused.err().map(|e| e.kind()),
        Some(std::io::ErrorKind::AddrInUse)
    );
    Ok(())
}
