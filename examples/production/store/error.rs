//! Why nothing was stored.

use noex::AcquireError;
use rusqlite::ErrorCode;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// It could not be done. Cloned, because everyone in a batch is told.
#[derive(Clone, Debug)]
pub(crate) enum StoreError {
    /// SQLite could not do it.
    Sqlite(Arc<rusqlite::Error>),
    /// A file could not be used.
    File(Arc<io::Error>),
    /// PostgreSQL could not do it, or is not there.
    Postgres(Arc<tokio_postgres::Error>),
    /// The connection to PostgreSQL is closed.
    Closed,
    /// PostgreSQL did not answer.
    NoAnswer(Duration),
    /// No connection was to be had in time.
    NoConnection(Arc<AcquireError<StoreError>>),
    /// More than the store can hold.
    TooLarge(u64),
    /// By this name there is no file any more, or another one.
    Removed(PathBuf),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Sqlite(error) => {
                write!(f, "the order store failed: {error}")?;
                match error.sqlite_error_code() {
                    Some(ErrorCode::DiskFull) => f.write_str("; free space where DATA_DIR is"),
                    _ => Ok(()),
                }
            }
            StoreError::File(error) => write!(f, "a file of the order store failed: {error}"),
            StoreError::Postgres(error) => {
                write!(f, "PostgreSQL failed: {error}")?;
                if let Some(cause) = error.source() {
                    write!(f, " ({cause})")?;
                }
                f.write_str("; see whether DATABASE_URL is right, it runs, and SSL_CERT_FILE vouches for it")
            }
            StoreError::Closed => {
                f.write_str("the connection to PostgreSQL is closed; there will be another")
            }
            StoreError::NoConnection(error) => {
                write!(f, "no connection to the order store: {error}")
            }
            StoreError::NoAnswer(after) => {
                write!(
                    f,
                    "no answer from PostgreSQL in {after:?}; see whether it runs and what keeps it"
                )
            }
            StoreError::TooLarge(number) => {
                write!(f, "{number} is more than the order store can hold")
            }
            StoreError::Removed(path) => write!(
                f,
                "{} was removed or replaced while it is in use; stop the service before you touch it",
                path.display()
            ),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StoreError::Sqlite(error) => Some(&**error),
            StoreError::File(error) => Some(&**error),
            StoreError::Postgres(error) => Some(&**error),
            StoreError::NoConnection(error) => Some(&**error),
            StoreError::Closed
            | StoreError::NoAnswer(_)
            | StoreError::TooLarge(_)
            | StoreError::Removed(_) => None,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Sqlite(Arc::new(error))
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        StoreError::Postgres(Arc::new(error))
    }
}

impl From<AcquireError<StoreError>> for StoreError {
    fn from(error: AcquireError<StoreError>) -> Self {
        match error {
            AcquireError::Failed(error) => error,
            error => StoreError::NoConnection(Arc::new(error)),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        StoreError::File(Arc::new(error))
    }
}
