//! Orders in a file of SQLite. What blocks is done on tokio's blocking threads.

mod connection;
mod outbox;
mod removed;
mod schema;

pub(super) use connection::Connection;
pub(crate) use removed::Rescued;

use super::StoreError;
use super::pool::Pool;
use crate::folder;
use std::io;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::spawn_blocking;

/// One connection that writes, since SQLite has one writer at a time, and others that read meanwhile.
#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Arc<Mutex<Connection>>,
    readers: Pool<Connection>,
}

impl Sqlite {
    /// Opens the file, and makes it with its folder if there is none.
    pub(super) async fn open(path: PathBuf) -> Result<Self, StoreError> {
        let file = path.clone();
        let writer = blocking(move || {
            file.parent().map_or(Ok(()), folder::make)?;
            Connection::open(&file)
        });
        Ok(Sqlite {
            writer: Arc::new(Mutex::new(writer.await?)),
            readers: Pool::new(),
            path,
        })
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = self.writer.clone();
        // A panic leaves a connection usable: its transaction was rolled back and its statements were reset.
        blocking(move || write(&mut writer.lock().unwrap_or_else(PoisonError::into_inner))).await
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let path = self.path.clone();
        // Not made anew: when the file was removed, the writer has everything that was in it.
        let connect = async || blocking(move || Connection::open_existing(&path)).await;
        let reader = self.readers.take(|_| true, connect).await?;
        blocking(move || read(&reader)).await
    }
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
