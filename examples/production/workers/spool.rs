//! A folder of files, one for each order.

use super::content::Content;
use crate::order::Order;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tokio::task::spawn_blocking;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    content: Content,
}

/// How far it came.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) done: Vec<Uuid>,
    pub(super) failed: Option<io::Error>,
}

impl Spool {
    pub(super) fn new(folder: PathBuf, content: Content) -> Self {
        Spool { folder, content }
    }

    /// Writes the files of these orders, up to the first that fails. Nobody ever sees half of one. A file that is there already
    /// is replaced by the same.
    pub(super) async fn write(&self, orders: Vec<Order>) -> Written {
        let spool = self.clone();
        let write = move || {
            let mut written = Written::default();
            for order in &orders {
                match spool.file(order) {
                    Ok(()) => written.done.push(order.id),
                    Err(error) => {
                        written.failed = Some(error);
                        break;
                    }
                }
            }
            written
        };
        spawn_blocking(write).await.unwrap_or_else(|error| Written {
            failed: Some(error.into()),
            ..Written::default()
        })
    }

    fn file(&self, order: &Order) -> io::Result<()> {
        let Content { extension, of } = self.content;
        let part = self.folder.join(format!(".{}.part", order.id));
        let file = self.folder.join(format!("{}.{extension}", order.id));
        write(&part, &of(order))?;
        fs::rename(part, file)
    }
}

/// Also when somebody has removed the folder.
fn write(file: &Path, content: &[u8]) -> io::Result<()> {
    match fs::write(file, content) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            file.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(file, content)
        }
        written => written,
    }
}
