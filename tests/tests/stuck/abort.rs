//! `stuck = abort`, in a program of its own.

use super::{Gate, Outcome, until};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use std::process::Command;

/// Set in the program that is to end.
const VICTIM: &str = "NOEX_TESTS_ABORT";

struct Spinner;

#[gen_server(stuck = abort, shutdown = brutal_kill)]
impl Spinner {
    #[init]
    fn new() -> Self {
        Self
    }

    #[cast]
    fn spin(&mut self) {
        Gate::default().pass();
    }
}

#[noex::test(workers = 2)]
async fn a_stuck_child_may_end_the_program() -> Outcome {
    if std::env::var_os(VICTIM).is_some() {
        return be_ended().await;
    }
    let mut program = Command::new(std::env::current_exe()?);
    program.args([
        "--exact",
        "abort::a_stuck_child_may_end_the_program",
        "--nocapture",
    ]);
    let ended = program.env(VICTIM, "1").output()?;
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success(), "{said}");
    assert!(
        said.contains("tree/spinner") && said.contains("is stuck in `spin`"),
        "{said}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(ended.status.signal(), Some(6), "{said}");
    }
    Ok(())
}

async fn be_ended() -> Outcome {
    let spec = Spec::new("tree").child(Spinner::child_spec().id("spinner").name("spinner"));
    let tree = Supervisor::start(spec).await?;
    let spinner = Spinner::named("spinner");
    spinner.spin()?;
    until(|| spinner.queue_len() == 0).await;
    tree.terminate_child("spinner").await?;
    Err("it is still here".into())
}
