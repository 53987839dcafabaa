//! What outlives every restart.

use crate::App;
use crate::config::Settings;
use serde::Serialize;
use std::io;
use std::net::TcpListener;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::Notify;

/// The one of its kind in the program.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Arc<Settings>,
    /// Bound once: while the api restarts the kernel keeps connections waiting.
    listener: Mutex<Option<TcpListener>>,
    /// The tree, from inside of it; set when it has started.
    pub(crate) app: OnceLock<App>,
    pub(crate) work: Work,
    /// Told when the api is to panic.
    pub(crate) crash_api: Notify,
}

/// What the workers have done since the program started.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Work {
    pub(crate) email: Arc<Counts>,
    pub(crate) pdf: Arc<Counts>,
    pub(crate) notification: Arc<Counts>,
}

/// What came of the orders that one worker should have worked on.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) done: AtomicU64,
    pub(crate) failed: AtomicU64,
    /// The worker was too far behind, or just being restarted.
    pub(crate) refused: AtomicU64,
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> io::Result<Self> {
        let address = settings.address;
        let listener = TcpListener::bind(address)
            .map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))?;
        listener.set_nonblocking(true)?;
        Ok(Shared {
            listener: Mutex::new(Some(listener)),
            settings: Arc::new(settings),
            app: OnceLock::new(),
            work: Work::default(),
            crash_api: Notify::new(),
        })
    }

    /// The socket that clients connect to.
    ///
    /// # Errors
    ///
    /// After [`close`](Self::close).
    pub(crate) fn listener(&self) -> io::Result<TcpListener> {
        match &*self.lock() {
            Some(listener) => listener.try_clone(),
            None => Err(io::Error::other("the service no longer listens")),
        }
    }

    /// From now on connections are refused, not kept waiting.
    pub(crate) fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
