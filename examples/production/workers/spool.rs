//! A folder of files, one for each order.

use crate::shared::Counts;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::task::spawn_blocking;
use uuid::Uuid;

#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    extension: &'static str,
    counts: Arc<Counts>,
}

impl Spool {
    pub(super) async fn open(
        folder: PathBuf,
        extension: &'static str,
        counts: Arc<Counts>,
    ) -> io::Result<Self> {
        tokio::fs::create_dir_all(&folder).await?;
        Ok(Spool {
            folder,
            extension,
            counts,
        })
    }

    /// Writes the file of an order. Nobody ever sees half of one. A failure is logged and counted: the next file may go well.
    pub(super) async fn write(&self, id: Uuid, content: String) {
        let part = self.folder.join(format!(".{id}.part"));
        let file = self.folder.join(format!("{id}.{}", self.extension));
        let write = move || fs::write(&part, content).and_then(|()| fs::rename(&part, &file));
        let written = spawn_blocking(write).await.map_err(io::Error::from);
        match written.and_then(|written| written) {
            Ok(()) => self.counts.done.fetch_add(1, Relaxed),
            Err(error) => {
                tracing::error!(%id, folder = %self.folder.display(), %error, "not written");
                self.counts.failed.fetch_add(1, Relaxed)
            }
        };
    }
}
