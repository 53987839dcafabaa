//! A disk that is full.

use super::files::logged;
use super::outbox::{self, pending};
use super::{Plan, STEADY, nothing_lost};
use crate::Result;
use crate::load::Load;
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::time::sleep;

const CLIENTS: usize = 8;
const MOMENT: Duration = Duration::from_secs(1);
/// Mounts a disk that is soon full, where only the service sees it, and becomes the service.
const ON_A_SMALL_DISK: &str = r#"mount -t tmpfs -o size="$1" noex "$2" && shift 2 && exec "$@""#;

/// Invoices have a small disk of their own: they wait, all else goes on.
pub(super) async fn of_invoices(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let disk = place.spool("pdf");
    let Some(service) = on_a_small_disk(plan, place, &disk, "64k", report).await? else {
        return Ok(());
    };
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(MOMENT).await;
    let outcome = load.stop().await;
    let left = pending(&service).await?;
    report.check(
        "the disk of the invoices is full: requests go well, they wait",
        outcome.failures.is_empty()
            && left["pdf"]["pending"].as_u64() > Some(0)
            && left["pdf"]["done"].as_u64() > Some(0),
        format!("{}; {}", outcome.failures(), left["pdf"]),
    );
    logged(&service, "No space left on device", report)?;
    recovers(plan, service, place, &disk, report).await
}

/// Everything is on a small disk: orders are refused until there is room.
pub(super) async fn of_orders(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let disk = place.data();
    let Some(service) = on_a_small_disk(plan, place, &disk, "1m", report).await? else {
        return Ok(());
    };
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(2 * MOMENT).await;
    let outcome = load.stop().await;
    report.check(
        "the disk of the orders is full: 503 with Retry-After",
        outcome.failures.keys().eq(["POST 503 with Retry-After"])
            && !outcome.acknowledged.is_empty(),
        format!(
            "{} orders; {}",
            outcome.acknowledged.len(),
            outcome.failures()
        ),
    );
    logged(&service, "free space where DATA_DIR is", report)?;
    recovers(plan, service, place, &disk, report).await?;
    nothing_lost(&outcome, place, report).await
}

/// Only Linux lends such a disk, and not everywhere: then there is no service.
async fn on_a_small_disk(
    plan: &Plan,
    place: &Place,
    disk: &Path,
    size: &str,
    report: &mut Report,
) -> Result<Option<Service>> {
    fs::create_dir_all(disk)?;
    let (disk, server) = (disk.to_string_lossy(), plan.server.to_string_lossy());
    let on_it = |program| {
        let mount = [
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            ON_A_SMALL_DISK,
            "sh",
        ];
        [&mount[..], &[size, &disk, program]].concat()
    };
    let mut probe = Command::new("unshare");
    probe.args(on_it("true"));
    if !run(probe) {
        report.check("a disk is full", true, "left out: there is no small disk");
        return Ok(None);
    }
    let unshare = Path::new("unshare");
    let service = Service::start_with(unshare, place, &on_it(&server), &[]).await?;
    Ok(Some(service))
}

/// There is room again. All that is on the disk is brought to a large one, where others see it too.
async fn recovers(
    plan: &Plan,
    service: Service,
    place: &Place,
    disk: &Path,
    report: &mut Report,
) -> Result<()> {
    let pid = service.pid()?.to_string();
    let mut larger = Command::new("nsenter");
    larger.args([
        "--target",
        &pid,
        "--user",
        "--preserve-credentials",
        "--mount",
    ]);
    larger.args(["mount", "-o", "remount,size=256m"]).arg(disk);
    report.check(
        "there is room again",
        run(larger),
        disk.display().to_string(),
    );
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(MOMENT).await;
    let outcome = load.stop().await;
    let restarts: u64 = service.restarts().await?.values().sum();
    report.check(
        "and every request goes well, without a restart",
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty() && restarts == 0,
        format!(
            "{} orders, {restarts} restarts; {}",
            outcome.acknowledged.len(),
            outcome.failures()
        ),
    );
    outbox::wait(&service).await?;
    let mut copy = Command::new("cp");
    copy.arg("-r")
        .arg(format!("/proc/{pid}/root{}/.", disk.display()))
        .arg(disk);
    if !run(copy) {
        return Err("the disk cannot be copied".into());
    }
    drop(service);
    let service = Service::start(&plan.server, place).await?;
    outbox::worked_off(&service, place, report).await
}

fn run(mut command: Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
