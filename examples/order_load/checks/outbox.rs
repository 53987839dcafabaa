//! Whether what was promised is done.

use crate::Result;
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use serde_json::Value;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use uuid::Uuid;

const WORKERS: [&str; 3] = ["email", "pdf", "notification"];
/// So long nothing may be done. Workers may be far behind after a long load.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was left to do, when there was nothing any more or nobody waited any longer.
#[derive(Debug)]
pub(super) struct Over {
    workers: Value,
    took: Duration,
    stored: HashSet<Uuid>,
}

impl Over {
    /// Waits until nothing is left to do.
    pub(super) async fn wait(service: &Service, place: &Place) -> Result<Self> {
        let began = Instant::now();
        Ok(Over {
            workers: wait(service).await?,
            took: began.elapsed(),
            stored: place.stored().await?,
        })
    }

    /// Compares what came of one kind of work with the orders that are stored.
    pub(super) fn compare(
        &self,
        what: String,
        worker: &str,
        with: &HashSet<Uuid>,
        report: &mut Report,
    ) {
        let missing = self.stored.difference(with).count();
        let more = with.difference(&self.stored).count();
        let work = &self.workers[worker];
        let struck_off = work["pending"] == 0 && work["done"] == self.stored.len();
        report.check(
            what,
            struck_off && missing == 0 && more == 0 && !with.is_empty(),
            format!(
                "{:.1?} after the last: {} of {}, {missing} missing, {more} too many; {work}",
                self.took,
                with.len(),
                self.stored.len(),
            ),
        );
    }

    /// Compares the files of this worker with the orders that are stored.
    pub(super) fn compare_files(
        &self,
        worker: &str,
        place: &Place,
        report: &mut Report,
    ) -> Result<()> {
        let files = files(&place.spool(worker))?;
        self.compare(
            format!("every order stored has its file from {worker}"),
            worker,
            &files,
            report,
        );
        Ok(())
    }
}

/// Waits until nothing is left to do, then compares the files of each worker with the orders that are stored.
pub(super) async fn worked_off(
    service: &Service,
    place: &Place,
    report: &mut Report,
) -> Result<()> {
    let over = Over::wait(service, place).await?;
    for worker in WORKERS {
        over.compare_files(worker, place, report)?;
    }
    let id = over.stored.iter().next().ok_or("no order is stored")?;
    let order = service
        .client()
        .get(&format!("/orders/{id}"))
        .await?
        .json()?;
    report.check(
        "and such an order is shown as done",
        order["done"] == true,
        order.to_string(),
    );
    Ok(())
}

/// Waits until nothing is left to do; what is left when nothing is done any more.
pub(super) async fn wait(service: &Service) -> Result<Value> {
    let (mut least, mut since) = (u64::MAX, Instant::now());
    loop {
        let workers = pending(service).await?;
        // Not known while the database is away.
        let left: Option<u64> = WORKERS.iter().map(|w| workers[w]["pending"].as_u64()).sum();
        if let Some(left) = left.filter(|left| *left < least) {
            (least, since) = (left, Instant::now());
        }
        if left == Some(0) || since.elapsed() > PATIENCE {
            return Ok(workers);
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// What is left to do, by worker.
pub(super) async fn pending(service: &Service) -> Result<Value> {
    Ok(service.client().get("/stats").await?.json()?["workers"].take())
}

/// The orders that have a whole file.
fn files(folder: &Path) -> Result<HashSet<Uuid>> {
    let mut ids = HashSet::new();
    for file in fs::read_dir(folder)? {
        let name = file?.file_name();
        let name = name.to_string_lossy();
        let (id, _) = name.split_once('.').ok_or("a file without an extension")?;
        // What a crash left half written has a name that begins with a dot.
        if !id.is_empty() {
            ids.insert(id.parse()?);
        }
    }
    Ok(ids)
}
