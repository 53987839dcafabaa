//! A folder of files, one for each order.

use super::delivery::Delivered;
use super::{DeliveryError, DoneList};
use crate::config::Settings;
use crate::folder;
use crate::order::Order;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tokio::task::spawn_blocking;
use uuid::Uuid;

const SYNCS_AT_ONCE: usize = 16;

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

    /// Writes the files of these orders, up to the first that fails, and returns when they are on disk. Nobody ever sees half of
    /// one. A file that is there already is replaced by the same.
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
        let mut written = Vec::new();
        for order in orders {
            let content = match (self.content)(order, &self.settings) {
                Ok(content) => content,
                Err(error) => {
                    delivered.refused.push((order.id, error));
                    continue;
                }
            };
            match write(&self.part(order.id), &content) {
                Ok(()) => written.push(order.id),
                Err(error) => {
                    delivered.failed = Some(self.error(error));
                    break;
                }
            }
        }
        match self.keep(&written) {
            Ok(()) => {
                delivered.done = written.len();
                written.into_iter().for_each(|order| done.add(order));
            }
            Err(error) => delivered.failed = Some(self.error(error)),
        }
        delivered
    }

    /// Gives these files their names. When they have them, no loss of power takes them away again.
    fn keep(&self, written: &[Uuid]) -> io::Result<()> {
        if written.is_empty() {
            return Ok(());
        }
        // The disk takes many at once as quickly as one.
        thread::scope(|scope| {
            let share = written.len().div_ceil(SYNCS_AT_ONCE);
            let syncs: Vec<_> = written
                .chunks(share)
                .map(|orders| scope.spawn(|| orders.iter().try_for_each(|order| self.sync(*order))))
                .collect();
            syncs
                .into_iter()
                .try_for_each(|sync| sync.join().expect("it does not panic"))
        })?;
        for order in written {
            let name = format!("{order}.{}", self.extension);
            fs::rename(self.part(*order), self.folder.join(name))?;
        }
        folder::sync(&self.folder)
    }

    fn sync(&self, order: Uuid) -> io::Result<()> {
        File::open(self.part(order))?.sync_all()
    }

    /// What is not yet known to be whole.
    fn part(&self, order: Uuid) -> PathBuf {
        self.folder.join(format!(".{order}.part"))
    }

    fn error(&self, error: io::Error) -> DeliveryError {
        DeliveryError::Spool(self.folder.clone(), error)
    }
}

/// Also when somebody has removed the folder.
fn write(file: &Path, content: &[u8]) -> io::Result<()> {
    match fs::write(file, content) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            file.parent().map_or(Ok(()), folder::make)?;
            fs::write(file, content)
        }
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::NewOrder;
    use noex::environment::Environment;
    use tempfile::TempDir;

    fn spool() -> (Spool, TempDir) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = Settings::read(&Environment::of([("", "")])).expect("defaults");
        let content: Content = |order, _| Ok(order.customer.clone().into());
        let deep = folder.path().join("data").join("spool");
        (Spool::new(deep, "txt", Arc::new(settings), content), folder)
    }

    fn order(customer: &str) -> Order {
        let order = NewOrder {
            customer: customer.into(),
            email: "ada@example.org".into(),
            items: vec![],
        };
        order.accept()
    }

    fn names(spool: &Spool) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for file in fs::read_dir(&spool.folder)? {
            names.push(file?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    #[tokio::test]
    async fn each_order_has_a_file_and_nothing_is_left_beside() -> io::Result<()> {
        let (spool, _folder) = spool();
        let (orders, done) = ([order("Ada"), order("Grace")], DoneList::default());
        for _ in 0..2 {
            let written = spool.write(orders.to_vec(), done.clone()).await;
            assert_eq!((written.done, written.failed.is_none()), (2, true));
        }
        let mut expected = orders.each_ref().map(|order| format!("{}.txt", order.id));
        expected.sort();
        assert_eq!(names(&spool)?, expected);
        let [ada, _] = orders.map(|order| spool.folder.join(format!("{}.txt", order.id)));
        assert_eq!(fs::read_to_string(ada)?, "Ada");
        Ok(())
    }

    #[tokio::test]
    async fn those_before_the_one_that_fails_are_done() -> io::Result<()> {
        let (spool, _folder) = spool();
        let (orders, done) = (
            [order("Ada"), order("Grace"), order("Mary")],
            DoneList::default(),
        );
        // In its way is something that cannot be written to.
        fs::create_dir_all(spool.part(orders[1].id))?;
        let written = spool.write(orders.to_vec(), done.clone()).await;
        assert_eq!((written.done, written.failed.is_some()), (1, true));
        assert_eq!(*done.orders(), [orders[0].id]);
        Ok(())
    }

    #[tokio::test]
    async fn what_cannot_get_its_name_is_not_done() -> io::Result<()> {
        let (spool, _folder) = spool();
        let (order, done) = (order("Ada"), DoneList::default());
        fs::create_dir_all(
            spool
                .folder
                .join(format!("{}.txt", order.id))
                .join("in the way"),
        )?;
        let written = spool.write(vec![order], done.clone()).await;
        assert_eq!((written.done, written.failed.is_some()), (0, true));
        assert!(done.orders().is_empty());
        Ok(())
    }
}
