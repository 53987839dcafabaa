//! The signals a program obeys.

#[cfg(unix)]
use super::race::{Won, race};
use std::fmt;

/// What the operating system, or a person at the terminal, asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Terminate,
    Interrupt,
    Reload,
}

impl Signal {
    pub(super) fn number(self) -> i32 {
        match self {
            Signal::Reload => 1,
            Signal::Interrupt => 2,
            Signal::Terminate => 15,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::Terminate => "signal(SIGTERM)",
            Signal::Interrupt => "signal(SIGINT)",
            Signal::Reload => "signal(SIGHUP)",
        })
    }
}

/// Once tokio has installed a handler the default action does not come back, so the streams are kept to the end.
#[cfg(unix)]
pub(super) struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    reload: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn install(reload: bool) -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let stream = |kind| signal(kind).expect("signal handlers can be installed");
        Signals {
            terminate: stream(SignalKind::terminate()),
            interrupt: stream(SignalKind::interrupt()),
            reload: reload.then(|| stream(SignalKind::hangup())),
        }
    }

    pub(super) async fn next(&mut self) -> Signal {
        let reload = async {
            match &mut self.reload {
                Some(reload) => reload.recv().await,
                None => std::future::pending().await,
            }
        };
        match race(race(self.terminate.recv(), self.interrupt.recv()), reload).await {
            Won::First(Won::First(_)) => Signal::Terminate,
            Won::First(Won::Second(_)) => Signal::Interrupt,
            Won::Second(_) => Signal::Reload,
        }
    }
}

#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn install(_reload: bool) -> Self {
        Signals
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::signal::ctrl_c()
            .await
            .expect("signal handlers can be installed");
        Signal::Interrupt
    }
}

impl Signals {
    /// The next signal that asks for the end.
    pub(super) async fn next_end(&mut self) -> Signal {
        loop {
            match self.next().await {
                Signal::Reload => {}
                signal => return signal,
            }
        }
    }
}
