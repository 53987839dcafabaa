//! A disk that is full.

use super::outbox::{Over, files, pending};
use super::{Plan, STEADY, files::logged};
use crate::Result;
use crate::load::Load;
use crate::place::Place;
use crate::report::Report;
use crate::service::Service;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::time::sleep;

const CLIENTS: usize = 8;
const MOMENT: Duration = Duration::from_secs(1);
/// Mounts a disk that few invoices fill, where only the service sees it, and becomes the service.
const ON_A_SMALL_DISK: &str = r#"mount -t tmpfs -o size=64k noex "$1" && shift && exec "$@""#;

/// Invoices have a disk of their own. Only Linux has one to lend, and not everywhere.
pub(super) async fn full(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let disk = place.spool("pdf");
    std::fs::create_dir_all(&disk)?;
    if !run(small_disk(&disk, Path::new("true"))) {
        report.check(
            "the disk of the invoices is full",
            true,
            "left out: there is no small disk",
        );
        return Ok(());
    }
    let command = small_disk(&disk, &plan.server);
    let arguments: Vec<_> = command
        .get_args()
        .map(|argument| argument.to_string_lossy())
        .collect();
    let arguments: Vec<_> = arguments.iter().map(|argument| &**argument).collect();
    let service = Service::start_with(Path::new("unshare"), place, &arguments, &[]).await?;

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

    let pid = service.pid()?.to_string();
    let mut larger = Command::new("nsenter");
    larger.args([
        "--target",
        &pid,
        "--user",
        "--preserve-credentials",
        "--mount",
    ]);
    larger.args(["mount", "-o", "remount,size=256m"]).arg(&disk);
    report.check(
        "there is room again",
        run(larger),
        disk.display().to_string(),
    );
    let over = Over::wait(&service, place).await?;
    let seen = Path::new("/proc")
        .join(pid)
        .join("root")
        .join(disk.strip_prefix("/")?);
    let what = "every order stored has its file from pdf".to_owned();
    over.compare(what, "pdf", &files(&seen)?, report);
    let restarts: u64 = service.restarts().await?.values().sum();
    report.check(
        "without a restart",
        restarts == 0,
        format!("{restarts} restarts"),
    );
    Ok(())
}

fn small_disk(disk: &Path, program: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args([
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        ON_A_SMALL_DISK,
        "sh",
    ]);
    command.arg(disk).arg(program);
    command
}

fn run(mut command: Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
