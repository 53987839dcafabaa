//! Whether what was promised is done.

use crate::Result;
use crate::report::Report;
use crate::service::{Service, stored};
use serde_json::Value;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use uuid::Uuid;

const WORKERS: [&str; 3] = ["email", "pdf", "notification"];
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until nothing is left to do, then compares the files of each worker with the orders that are stored.
pub(super) async fn worked_off(
    service: &Service,
    folder: &Path,
    report: &mut Report,
) -> Result<()> {
    let began = Instant::now();
    let workers = loop {
        let workers = service.client().get("/stats").await?.json()?["workers"].take();
        let over = |w: &str| workers[w]["pending"] == 0;
        if WORKERS.iter().all(|w| over(w)) || began.elapsed() > PATIENCE {
            break workers;
        }
        sleep(Duration::from_millis(20)).await;
    };
    let took = began.elapsed();
    let stored = stored(folder)?;
    for worker in WORKERS {
        let files = files(&folder.join("data").join("spool").join(worker))?;
        let missing = stored.difference(&files).count();
        let more = files.difference(&stored).count();
        report.check(
            format!("every order stored has its file from {worker}, and no other"),
            took < PATIENCE
                && missing == 0
                && more == 0
                && all_done(&workers[worker], stored.len()),
            format!(
                "{took:.1?} after the last: {} of {}, {missing} missing, {more} too many; {}",
                files.len(),
                stored.len(),
                workers[worker]
            ),
        );
    }
    one_is_shown_done(service, stored.iter().next(), report).await
}

fn all_done(worker: &Value, stored: usize) -> bool {
    worker["pending"] == 0 && worker["done"] == stored
}

async fn one_is_shown_done(
    service: &Service,
    id: Option<&Uuid>,
    report: &mut Report,
) -> Result<()> {
    let id = id.ok_or("no order is stored")?;
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
