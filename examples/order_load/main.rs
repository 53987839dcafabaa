//! Judges the built order service: under load, with planted panics, at its end.
//!
//! ```text
//! cargo build -p noex-examples --examples
//! cargo run --example order_load -- --seconds 10 --clients 50
//! ```
//!
//! It starts the service from the folder it lies in itself, on free ports of this machine only, with data in a temporary folder (in
//! `--folder`, else where the system has those), and prints a table. The exit code is 1 when any check failed.

mod checks;
mod client;
mod load;
mod place;
mod receivers;
mod report;
mod service;
mod tls;

use checks::Plan;
use place::Databases;
use report::Report;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::time::timeout;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    let plan = match arguments() {
        Ok(plan) => plan,
        Err(error) => {
            eprintln!(
                "{error}\nusage: order_load [--seconds N] [--clients N] [--database sqlite|postgres|URL] [--brief] [--server PATH] [--folder PATH]"
            );
            return ExitCode::from(2);
        }
    };
    let mut report = Report::default();
    if let Err(error) = judge(&plan, &mut report).await {
        report.check("the judge could go on", false, error.to_string());
    }
    match report.all_good() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

async fn judge(plan: &Plan, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir_in(&plan.folder)?;
    let own = tempfile::tempdir_in(&plan.folder)?;
    let Some(databases) = Databases::start(&plan.database, own.path())? else {
        return Ok(());
    };
    let limit = 10 * plan.seconds + Duration::from_secs(300);
    let judged = timeout(limit, checks::all(plan, &databases, folder.path(), report)).await;
    // Before the folder is removed: with its many small files that can take a while.
    print!("{report}");
    judged.map_err(|_| format!("not over after {limit:?}"))?
}

fn arguments() -> Result<Plan> {
    let mut plan = Plan {
        seconds: Duration::from_secs(10),
        clients: 50,
        server: beside_me()?,
        folder: std::env::temp_dir(),
        database: "sqlite".into(),
        brief: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(option) = arguments.next() {
        if option == "--brief" {
            plan.brief = true;
            continue;
        }
        let value = arguments.next().ok_or(format!("{option} needs a value"))?;
        match &*option {
            "--seconds" => plan.seconds = Duration::from_secs(value.parse()?),
            "--clients" => plan.clients = value.parse()?,
            "--database" => plan.database = value,
            "--server" => plan.server = value.into(),
            "--folder" => plan.folder = std::path::absolute(value)?,
            _ => return Err(format!("unknown option {option}").into()),
        }
    }
    if !plan.server.exists() {
        let server = plan.server.display();
        return Err(
            format!("{server} is not there: cargo build -p noex-examples --examples").into(),
        );
    }
    Ok(plan)
}

fn beside_me() -> Result<PathBuf> {
    let name = format!("production{}", std::env::consts::EXE_SUFFIX);
    Ok(std::env::current_exe()?.with_file_name(name))
}
