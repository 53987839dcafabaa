//! A server that is there to end.

use noex::GenServer;
use noex::prelude::*;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{error::Elapsed, timeout};

#[derive(Default)]
pub(crate) struct Watched;

#[gen_server]
impl Watched {
    #[cast]
    pub(crate) fn end(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }

    #[call]
    pub(crate) fn ping(&self) {}
}

pub(crate) fn because(why: impl Into<Arc<str>>) -> ExitReason {
    ExitReason::ShutdownWith(why.into())
}

pub(crate) async fn watched() -> Result<WatchedRef, StartError> {
    Watched.start().await
}

/// Ends a server so, and waits until it is gone.
pub(crate) async fn end(watched: &WatchedRef, reason: ExitReason) -> Result<(), Box<dyn Error>> {
    watched.end(reason)?;
    gone(watched).await?;
    Ok(())
}

/// The end that a server must come to soon.
pub(crate) async fn gone<S: GenServer>(server: &Process<S>) -> Result<ExitReason, Elapsed> {
    timeout(Duration::from_secs(10), server.exited()).await
}
