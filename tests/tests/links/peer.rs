//! A server that links, ends and remembers the exit signals it trapped.

use noex::GenServer;
use noex::prelude::*;
use std::error::Error;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{error::Elapsed, timeout};

/// What reached it, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen {
    Note(u32),
    Exit(Exit),
}

pub(crate) struct Peer {
    seen: Vec<Seen>,
}

#[gen_server(mailbox = unbounded)]
impl Peer {
    #[init]
    pub(crate) fn new(trap_exit: bool, cx: &mut Ctx<Self>) -> Self {
        cx.trap_exit(trap_exit);
        Self { seen: vec![] }
    }

    #[call]
    pub(crate) fn link(&mut self, other: PeerRef, cx: &mut Ctx<Self>) {
        cx.link(&other);
    }

    #[call]
    pub(crate) fn unlink(&mut self, other: PeerRef, cx: &mut Ctx<Self>) {
        cx.unlink(&other);
    }

    #[cast]
    pub(crate) fn end(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }

    #[call]
    pub(crate) fn exit_itself(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.myself().exit(reason);
    }

    #[cast]
    pub(crate) fn note(&mut self, n: u32) {
        self.seen.push(Seen::Note(n));
    }

    /// Is busy until the other end of the gate is used or dropped, then traps exits or stops to.
    #[cast]
    pub(crate) async fn set_trap(
        &mut self,
        gate: oneshot::Receiver<()>,
        on: bool,
        cx: &mut Ctx<Self>,
    ) {
        let _ = gate.await;
        cx.trap_exit(on);
    }

    #[info(exit)]
    fn exited(&mut self, exit: Exit) {
        self.seen.push(Seen::Exit(exit));
    }

    /// What it has seen since this was asked last.
    #[call]
    pub(crate) fn seen(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.seen)
    }

    /// The reasons of the exit signals among that.
    #[call]
    pub(crate) fn exits(&mut self) -> Vec<ExitReason> {
        let reason = |seen| match seen {
            Seen::Exit(exit) => Some(exit.reason),
            Seen::Note(_) => None,
        };
        self.seen.drain(..).filter_map(reason).collect()
    }
}

pub(crate) async fn peer() -> Result<PeerRef, StartError> {
    Peer::start(false).await
}

pub(crate) async fn trapper() -> Result<PeerRef, StartError> {
    Peer::start(true).await
}

pub(crate) fn because(why: &str) -> ExitReason {
    ExitReason::ShutdownWith(why.into())
}

/// Makes a peer end for this reason and waits until it is gone.
pub(crate) async fn end(peer: &PeerRef, reason: ExitReason) -> Result<(), Box<dyn Error>> {
    peer.end(reason)?;
    gone(peer).await?;
    Ok(())
}

/// The end that a peer must come to soon.
pub(crate) async fn gone<S: GenServer>(server: &Process<S>) -> Result<ExitReason, Elapsed> {
    timeout(Duration::from_secs(10), server.exited()).await
}
