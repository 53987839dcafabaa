//! The children of the trees in these tests.

use noex::Pid;
use noex::prelude::*;
use std::time::Duration;

/// A number that can crash.
pub(crate) struct Cell(u64);

#[gen_server]
impl Cell {
    #[init]
    pub(crate) fn new(n: u64) -> Self {
        Self(n)
    }

    #[call]
    pub(crate) fn get(&self) -> u64 {
        self.0
    }

    #[cast]
    pub(crate) fn crash(&mut self) -> Result<(), Crash> {
        Err(Crash)
    }

    #[cast]
    pub(crate) fn leave(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

#[derive(Debug)]
pub(crate) struct Crash;

impl std::fmt::Display for Crash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("as asked")
    }
}

impl std::error::Error for Crash {}

/// Asks a cell.
pub(crate) struct Reader(CellRef);

#[gen_server]
impl Reader {
    #[init]
    pub(crate) fn new(cell: CellRef) -> Self {
        Self(cell)
    }

    #[call]
    pub(crate) async fn read(&mut self) -> Result<u64, CallError> {
        self.0.get().await
    }
}

/// Fails a test that would hang.
pub(crate) async fn soon<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future.into_future())
        .await
        .expect("this takes far less than 20 s")
}

/// Waits until `pid` gives another process than `old`.
pub(crate) async fn replaced(old: Option<Pid>, pid: impl Fn() -> Option<Pid>) -> Pid {
    soon(async {
        loop {
            match pid() {
                Some(new) if Some(new) != old => return new,
                _ => tokio::task::yield_now().await,
            }
        }
    })
    .await
}
