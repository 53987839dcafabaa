//! The signals a program obeys.

use super::hook::Hook;
#[cfg(unix)]
use super::race::{Won, race};
use crate::process::{Slot, Target};
use crate::system::System;
use std::convert::Infallible;
use std::fmt;
use std::future::pending;

/// What asks for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Terminate,
    Interrupt,
}

impl Signal {
    pub(super) fn number(self) -> i32 {
        match self {
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
        })
    }
}

/// Once tokio has installed a handler the default action does not come back, so the streams are kept to the end.
#[cfg(unix)]
pub(super) struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn install() -> Self {
        use tokio::signal::unix::SignalKind;
        Signals {
            terminate: stream(SignalKind::terminate()),
            interrupt: stream(SignalKind::interrupt()),
        }
    }

    /// The next signal that asks for the end.
    pub(super) async fn next(&mut self) -> Signal {
        match race(self.terminate.recv(), self.interrupt.recv()).await {
            Won::First(_) => Signal::Terminate,
            Won::Second(_) => Signal::Interrupt,
        }
    }
}

#[cfg(unix)]
fn stream(kind: tokio::signal::unix::SignalKind) -> tokio::signal::unix::Signal {
    tokio::signal::unix::signal(kind).expect("signal handlers can be installed")
}

#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn install() -> Self {
        Signals
    }

    pub(super) async fn next(&mut self) -> Signal {
        tokio::signal::ctrl_c()
            .await
            .expect("signal handlers can be installed");
        Signal::Interrupt
    }
}

/// SIGHUP, and what is done about it. Without a hook it is left alone.
pub(super) struct Reloads {
    #[cfg(unix)]
    hook: Option<(Hook, tokio::signal::unix::Signal)>,
    system: System,
}

impl Reloads {
    pub(super) fn install(hook: Option<Hook>, system: &System) -> Self {
        #[cfg(not(unix))]
        drop(hook);
        Reloads {
            #[cfg(unix)]
            hook: hook.map(|hook| (hook, stream(tokio::signal::unix::SignalKind::hangup()))),
            system: system.clone(),
        }
    }

    /// Runs the hook at each signal, one run after the other.
    pub(super) async fn obey(mut self) -> Infallible {
        #[cfg(unix)]
        if let Some((hook, hangup)) = &mut self.hook {
            let nobody = Target::from(Slot::root());
            while hangup.recv().await.is_some() {
                match hook.run(&nobody, &self.system).await {
                    Ok(()) => {
                        tracing::info!(target: "noex::application", reason = "signal(SIGHUP)", "reloaded");
                    }
                    Err(error) => {
                        tracing::error!(target: "noex::application", reason = "signal(SIGHUP)", %error, "reload failed; what was before stays");
                    }
                }
            }
        }
        pending().await
    }
}
