//! From the first signal to the exit code.

use crate::App;
use crate::shared::Shared;
use std::io;
use std::process::{self, ExitCode};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

/// The signals that end the program.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on the signals end the program by way of [`run`] only.
    pub(crate) fn install() -> io::Result<Self> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> SignalKind {
        tokio::select! {
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.interrupt.recv() => SignalKind::interrupt(),
        }
    }
}

/// Runs until a signal comes, then stops the tree in reverse order. Fails when the tree ended by itself, or when part of it had to be
/// killed.
pub(crate) async fn run(app: &App, shared: &Shared, mut signals: Signals) -> ExitCode {
    let signal = tokio::select! {
        signal = signals.next() => signal,
        reason = app.exited() => {
            tracing::error!(%reason, "the service has failed");
            return ExitCode::FAILURE;
        }
    };
    tracing::info!(signal = name(signal), "stopping");
    tokio::spawn(async move {
        let signal = signals.next().await;
        tracing::warn!(signal = name(signal), "stopping at once");
        process::exit(128 + signal.as_raw_value());
    });
    shared.begin_stopping();
    sleep(shared.settings.drain).await;
    match app.stop().await {
        Ok(stopped) if stopped.is_clean() => {
            tracing::info!("stopped");
            ExitCode::SUCCESS
        }
        Ok(stopped) => {
            tracing::error!(killed = ?stopped.unclean(), "stopped by force");
            ExitCode::FAILURE
        }
        Err(error) => {
            tracing::error!(%error, "not stopped in order");
            ExitCode::FAILURE
        }
    }
}

fn name(signal: SignalKind) -> &'static str {
    if signal == SignalKind::interrupt() {
        "SIGINT"
    } else {
        "SIGTERM"
    }
}
