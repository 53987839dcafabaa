//! The signals a program obeys.
//!
//! They are heard on a thread of their own: a handler that never yields can keep a runtime from hearing anything, and then
//! the program could not even be told to leave.

use super::controller::Applications;
use crate::process::ProcessArc;
use crate::race::{Won, race};
use crate::system::System;
use crate::task;
use std::fmt;
use std::process::exit;
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

/// What asks for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Terminate,
    Interrupt,
}

impl Signal {
    fn number(self) -> i32 {
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

/// What has been heard. While it is there, the signals have no other effect than what the program does about them.
pub(super) struct Signals {
    first: watch::Receiver<Option<Signal>>,
    hangups: watch::Receiver<()>,
}

/// The other side of [`Signals`].
struct Heard {
    first: watch::Sender<Option<Signal>>,
    hangups: watch::Sender<()>,
}

impl Signals {
    /// From now on signals are heard, SIGHUP only on request.
    ///
    /// # Panics
    ///
    /// When signal handlers cannot be installed.
    pub(super) async fn listen(applications: &Applications, hangups: bool) -> Self {
        let heard = Heard {
            first: watch::Sender::default(),
            hangups: watch::Sender::default(),
        };
        let signals = Signals {
            first: heard.first.subscribe(),
            hangups: heard.hangups.subscribe(),
        };
        let (installed, ready) = oneshot::channel();
        let applications = applications.clone();
        let listening = task::spawn_apart("noex-signals", async move {
            let streams = Streams::install(hangups);
            let _ = installed.send(());
            heard.listen(streams, &applications).await;
        });
        listening.expect("signals need a thread");
        ready.await.expect("signal handlers can be installed");
        signals
    }

    /// Ready when the program is to stop.
    pub(super) async fn end(&mut self) -> Signal {
        // Not matched on at once: what is waited for is locked while it is looked at, and a program has to be `Send`.
        let first = self.first.wait_for(Option::is_some).await;
        let first = first.ok().and_then(|signal| *signal);
        match first {
            Some(signal) => signal,
            // The thread ends with the program.
            None => std::future::pending().await,
        }
    }

    /// Hears SIGHUP beside the rest.
    pub(super) fn hangups(&self) -> watch::Receiver<()> {
        self.hangups.clone()
    }
}

impl Heard {
    /// Until the program is over, or it has to be left.
    async fn listen(&self, mut streams: Streams, applications: &Applications) {
        let signal = match race(self.first_end(&mut streams), self.first.closed()).await {
            Won::First(signal) => signal,
            Won::Second(()) => return,
        };
        self.first.send_replace(Some(signal));
        let over = race(self.first.closed(), sleep(applications.longest_stop()));
        let left = |system: &System| {
            let left: Vec<_> = system.living().iter().map(ProcessArc::describe).collect();
            left.join(", ")
        };
        let system = applications.system();
        match race(self.first_end(&mut streams), over).await {
            Won::First(signal) => {
                tracing::error!(target: "noex::application", reason = %signal, left = left(system), "second signal: leaving at once");
                exit(128 + signal.number());
            }
            Won::Second(Won::First(())) => {}
            Won::Second(Won::Second(())) => {
                tracing::error!(target: "noex::application", left = left(system), "the stop itself is stuck: leaving with what is still there");
                exit(1);
            }
        }
    }

    /// The next signal that asks for the end. Hang-ups are passed on.
    async fn first_end(&self, streams: &mut Streams) -> Signal {
        loop {
            match streams.next().await {
                Some(signal) => return signal,
                None => drop(self.hangups.send(())),
            }
        }
    }
}

/// Once tokio has installed a handler the default action does not come back, so the streams are kept to the end.
#[cfg(unix)]
struct Streams {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Streams {
    fn install(hangups: bool) -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let stream = |kind| signal(kind).expect("signal handlers can be installed");
        Streams {
            terminate: stream(SignalKind::terminate()),
            interrupt: stream(SignalKind::interrupt()),
            hangup: hangups.then(|| stream(SignalKind::hangup())),
        }
    }

    /// `None` is a hang-up.
    async fn next(&mut self) -> Option<Signal> {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        match race(race(self.terminate.recv(), self.interrupt.recv()), hangup).await {
            Won::First(Won::First(_)) => Some(Signal::Terminate),
            Won::First(Won::Second(_)) => Some(Signal::Interrupt),
            Won::Second(_) => None,
        }
    }
}

#[cfg(not(unix))]
struct Streams;

#[cfg(not(unix))]
impl Streams {
    fn install(_hangups: bool) -> Self {
        Streams
    }

    async fn next(&mut self) -> Option<Signal> {
        tokio::signal::ctrl_c()
            .await
            .expect("signal handlers can be installed");
        Some(Signal::Interrupt)
    }
}
