//! Orders in a file of SQLite.

mod file;
mod outbox;
mod removed;
mod schema;

pub(crate) use removed::Rescued;

use super::StoreError;
use file::File;
use std::io;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::spawn_blocking;

/// One connection to the file. What blocks is done on tokio's blocking threads.
#[derive(Debug)]
pub(crate) struct Connection(Arc<Mutex<File>>);

impl Connection {
    /// Opens the file, and makes it with its folder if there is none.
    pub(super) async fn open(path: PathBuf) -> Result<Self, StoreError> {
        blocking(move || File::open(&path))
            .await
            .map(Connection::to)
    }

    /// Opens the file if there is one.
    pub(super) async fn open_existing(path: PathBuf) -> Result<Self, StoreError> {
        blocking(move || File::open_existing(&path))
            .await
            .map(Connection::to)
    }

    fn to(file: File) -> Self {
        Connection(Arc::new(Mutex::new(file)))
    }

    /// Dropped half-way it goes on, and who uses the connection next waits for its end.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut File) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let file = self.0.clone();
        // A panic leaves it usable: its transaction was rolled back and its statements were reset.
        blocking(move || work(&mut file.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

/// Opens the file alone for that.
pub(super) async fn checkpoint(path: PathBuf) -> Result<(), StoreError> {
    blocking(move || File::open(&path)?.checkpoint()).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(io::Error::from(error).into()),
        },
    }
}

#[cfg(test)]
mod tests;
