//! A server that is there to end.

use noex::prelude::*;
use std::sync::Arc;

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
pub(crate) async fn end(
    watched: &WatchedRef,
    reason: ExitReason,
) -> Result<(), CastError<WatchedMessage>> {
    watched.end(reason)?;
    watched.exited().await;
    Ok(())
}
