//! What outlives every restart.

use crate::App;
use crate::config::Settings;
use crate::order::Work;
use crate::workers::DoneList;
use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
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
    /// Attempts at each kind of work that failed since the program started.
    failures: [AtomicU64; Work::ALL.len()],
    done: [DoneList; Work::ALL.len()],
    /// Told when the api is to panic.
    pub(crate) crash_api: Notify,
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
            failures: Default::default(),
            done: Default::default(),
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

    /// Counts a failed attempt at this work.
    pub(crate) fn failed(&self, work: Work) {
        self.failures[usize::from(work.number())].fetch_add(1, Relaxed);
    }

    /// How many attempts at this work failed.
    pub(crate) fn failures(&self, work: Work) -> u64 {
        self.failures[usize::from(work.number())].load(Relaxed)
    }

    /// What is done of this work and not struck off yet.
    pub(crate) fn done(&self, work: Work) -> DoneList {
        self.done[usize::from(work.number())].clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
