//! The file is removed or replaced while it is in use. The open connection still has everything in it, and can put it back;
//! but what it would write would go nowhere.

use super::file::File;
use crate::folder;
use crate::store::StoreError;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The files behind a connection, by which they can be told from others of the same names.
#[derive(Debug)]
pub(super) struct Files {
    path: PathBuf,
    orders: FileId,
    log: FileId,
}

/// Where everything is now.
#[derive(Debug, PartialEq)]
pub(crate) enum Rescued {
    /// Under its name again.
    InPlace,
    /// In this file: by the old name there is another one, which is left as it is.
    Aside(PathBuf),
}

impl Files {
    /// Those that a connection has just opened.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        Ok(Files {
            path: path.into(),
            orders: FileId::of(path)?,
            log: FileId::of(&beside(path, "-wal"))?,
        })
    }
}

impl File {
    /// Fails when the files of this connection have lost their names.
    pub(in crate::store) fn still_there(&self) -> Result<(), StoreError> {
        let Files { path, orders, log } = &self.files;
        match is(path, *orders) && is(&beside(path, "-wal"), *log) {
            true => Ok(()),
            false => Err(StoreError::Removed(path.clone())),
        }
    }

    /// Copies everything into a file of its own and gives that the name of the one that was removed, if it was. Then the
    /// connection has to be closed: it is still about the old one.
    pub(in crate::store) fn rescue(&self) -> Result<Option<Rescued>, StoreError> {
        if self.still_there().is_ok() {
            return Ok(None);
        }
        let path = &self.files.path;
        path.parent().map_or(Ok(()), folder::make)?;
        let copy = beside(path, &format!("-rescued-{}", now()));
        let name = copy.to_string_lossy();
        self.sqlite.execute("VACUUM INTO ?1", [&*name])?;
        fs::File::open(&copy)?.sync_all()?;
        // SQLite would take the old log for that of the new file.
        for of_the_old in ["-wal", "-shm"] {
            remove(&beside(path, of_the_old))?;
        }
        if path.exists() && !is(path, self.files.orders) {
            return Ok(Some(Rescued::Aside(copy)));
        }
        fs::rename(copy, path)?;
        path.parent().map_or(Ok(()), folder::sync)?;
        Ok(Some(Rescued::InPlace))
    }
}

/// `orders.db` and `-wal`: `orders.db-wal`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn now() -> u128 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(0, |now| now.as_millis())
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn is(path: &Path, id: FileId) -> bool {
    FileId::of(path).is_ok_and(|now| now == id)
}

/// What a file is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq)]
struct FileId(u64, u64);

impl FileId {
    fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|file| FileId::read(&file))
    }

    #[cfg(unix)]
    fn read(file: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        FileId(file.dev(), file.ino())
    }

    /// Elsewhere an open file can neither be removed nor replaced.
    #[cfg(not(unix))]
    fn read(_: &Metadata) -> Self {
        FileId(0, 0)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::store::Totals;
    use crate::store::tests::{folder, order};

    fn is_removed(written: Result<(), StoreError>) -> bool {
        matches!(written, Err(StoreError::Removed(_)))
    }

    fn orders(path: &Path) -> Result<u64, StoreError> {
        let Totals { orders, .. } = File::open(path)?.totals()?;
        Ok(orders)
    }

    #[test]
    fn a_removed_file_takes_no_orders_and_can_be_put_back() -> Result<(), StoreError> {
        let folder = folder();
        let path = folder.path().join("data").join("orders.db");
        fs::create_dir(folder.path().join("data"))?;
        let mut store = File::open(&path)?;
        store.write(&[order("Ada", 450)], &[])?;

        fs::remove_dir_all(folder.path().join("data"))?;
        assert!(is_removed(store.write(&[order("Grace", 100)], &[])));
        assert_eq!(store.rescue()?, Some(Rescued::InPlace));
        drop(store);
        assert_eq!(orders(&path)?, 1);
        File::open(&path)?.write(&[order("Grace", 100)], &[])?;
        assert_eq!(orders(&path)?, 2);
        Ok(())
    }

    #[test]
    fn so_can_a_file_whose_log_was_removed() -> Result<(), StoreError> {
        let folder = folder();
        let path = folder.path().join("orders.db");
        let mut store = File::open(&path)?;
        store.write(&[order("Ada", 450)], &[])?;

        fs::remove_file(beside(&path, "-wal"))?;
        assert!(is_removed(store.write(&[order("Grace", 100)], &[])));
        assert_eq!(store.rescue()?, Some(Rescued::InPlace));
        drop(store);
        assert_eq!(orders(&path)?, 1);
        Ok(())
    }

    #[test]
    fn a_file_that_somebody_put_there_is_left_alone() -> Result<(), StoreError> {
        let folder = folder();
        let (path, backup) = (
            folder.path().join("orders.db"),
            folder.path().join("backup"),
        );
        let mut store = File::open(&path)?;
        store.write(&[order("Ada", 450)], &[])?;
        File::open(&backup)?.checkpoint()?;

        fs::rename(&backup, &path)?;
        assert!(is_removed(store.write(&[order("Grace", 100)], &[])));
        let Some(Rescued::Aside(copy)) = store.rescue()? else {
            panic!("the backup was overwritten");
        };
        drop(store);
        assert_eq!(orders(&path)?, 0);
        assert_eq!(orders(&copy)?, 1);
        Ok(())
    }
}
