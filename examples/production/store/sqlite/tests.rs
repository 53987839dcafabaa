use super::*;
use crate::order::Work;
use crate::store::Totals;
use crate::store::tests::{folder, order};
use uuid::Uuid;

#[test]
fn a_reader_does_not_wait_for_the_writer() -> Result<(), StoreError> {
    let folder = folder();
    let path = folder.path().join("orders.db");
    let (writer, reader) = (File::open(&path)?, File::open(&path)?);
    writer
        .sqlite
        .execute_batch("BEGIN IMMEDIATE; UPDATE totals SET orders = 7")?;
    assert_eq!(reader.totals()?, Totals::default());
    Ok(())
}

#[test]
fn a_checkpoint_empties_the_log() -> Result<(), StoreError> {
    let folder = folder();
    let mut file = File::open(&folder.path().join("orders.db"))?;
    file.write(&[order("Ada", 450)], &[])?;
    file.checkpoint()?;
    let log = folder.path().join("orders.db-wal").metadata();
    assert_eq!(log.expect("there is a log").len(), 0);
    Ok(())
}

#[test]
fn a_file_of_the_first_version_gets_an_outbox() -> Result<(), StoreError> {
    let folder = folder();
    let path = folder.path().join("orders.db");
    let old = order("Ada", 450);
    rusqlite::Connection::open(&path)?.execute_batch(&format!(
        "{} PRAGMA user_version = 1;
        INSERT INTO orders VALUES (x'{}', 'Ada', 'ada@example.org', '[]', 900, 1);",
        schema::VERSIONS[0],
        old.id.simple(),
    ))?;
    let file = File::open(&path)?;
    assert_eq!(file.totals()?.pending, [1; 3]);
    assert_eq!(file.pending(Work::Pdf, Uuid::nil(), 9)?[0].id, old.id);
    Ok(())
}

#[tokio::test]
async fn a_file_that_was_removed_is_not_made_anew() -> Result<(), StoreError> {
    let folder = folder();
    let path = folder.path().join("orders.db");
    let first = Connection::open(path.clone()).await?;
    let other = Connection::open_existing(path.clone()).await?;
    std::fs::remove_file(&path)?;
    assert!(Connection::open_existing(path.clone()).await.is_err());
    assert!(other.with(|file| file.still_there()).await.is_err());
    let rescued = first.with(|file| file.rescue()).await?;
    assert_eq!(rescued, Some(Rescued::InPlace));
    Ok(())
}
