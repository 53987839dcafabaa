//! A folder of files, one for each order.

use super::delivery::Delivered;
use super::{DeliveryError, DoneList};
use crate::config::Settings;
use crate::order::Order;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// What is in the file of an order.
type Content = fn(&Order, &Settings) -> Result<Vec<u8>, DeliveryError>;

#[derive(Clone, Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    extension: &'static str,
    settings: Arc<Settings>,
    content: Content,
}

impl Spool {
    pub(super) fn new(
        folder: PathBuf,
        extension: &'static str,
        settings: Arc<Settings>,
        content: Content,
    ) -> Self {
        Spool {
            folder,
            extension,
            settings,
            content,
        }
    }

    /// Writes the files of these orders, up to the first that fails. Nobody ever sees half of one. A file that is there already
    /// is replaced by the same.
    pub(super) async fn write(&self, orders: Vec<Order>, done: DoneList) -> Delivered {
        let spool = self.clone();
        let written = spawn_blocking(move || spool.write_all(&orders, &done)).await;
        written.unwrap_or_else(|error| Delivered {
            failed: Some(self.error(error.into())),
            ..Delivered::default()
        })
    }

    fn write_all(&self, orders: &[Order], done: &DoneList) -> Delivered {
        let mut delivered = Delivered::default();
        for order in orders {
            let content = match (self.content)(order, &self.settings) {
                Ok(content) => content,
                Err(error) => {
                    delivered.refused.push((order.id, error));
                    continue;
                }
            };
            let part = self.folder.join(format!(".{}.part", order.id));
            let file = self.folder.join(format!("{}.{}", order.id, self.extension));
            match write(&part, &content).and_then(|()| fs::rename(part, file)) {
                Ok(()) => {
                    done.add(order.id);
                    delivered.done += 1;
                }
                Err(error) => {
                    delivered.failed = Some(self.error(error));
                    break;
                }
            }
        }
        delivered
    }

    fn error(&self, error: io::Error) -> DeliveryError {
        DeliveryError::Spool(self.folder.clone(), error)
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
