//! A program as a process of the operating system.

use crate::parts::Tested;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// One that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Program {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts one of those in `tests/programs/application.rs`.
    pub(crate) fn start(what: &str) -> Result<Self, Box<dyn std::error::Error>> {
        Program::start_on(2, what)
    }

    pub(crate) fn start_on_one_worker(what: &str) -> Result<Self, Box<dyn std::error::Error>> {
        Program::start_on(1, what)
    }

    fn start_on(workers: u32, what: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_application"))
            .arg(what)
            .env("TOKIO_WORKER_THREADS", workers.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = process.stdout.take().ok_or("it has no output")?;
        let lines = BufReader::new(stdout).lines();
        Ok(Program { process, lines })
    }

    /// Waits until it prints this; yields what it printed before.
    pub(crate) async fn prints(&mut self, what: &str) -> Result<Vec<String>, std::io::Error> {
        let mut before = Vec::new();
        let search = async {
            loop {
                match self.lines.next_line().await? {
                    Some(line) if line == what => return Ok(before),
                    Some(line) => before.push(line),
                    None => panic!("it ended without {what:?}: {before:?}"),
                }
            }
        };
        timeout(PATIENCE, search)
            .await
            .unwrap_or_else(|_| panic!("it does not print {what:?}"))
    }

    pub(crate) async fn signal(&self, signal: &str) -> Tested {
        let pid = self.process.id().ok_or("it has ended")?.to_string();
        let sent = Command::new("kill")
            .args(["-s", signal, &pid])
            .status()
            .await?;
        assert!(sent.success(), "{sent}");
        Ok(())
    }

    pub(crate) fn is_running(&mut self) -> Result<bool, std::io::Error> {
        Ok(self.process.try_wait()?.is_none())
    }

    /// Waits for its end: its exit code and the rest of what it printed.
    pub(crate) async fn ends(
        mut self,
    ) -> Result<(Option<i32>, Vec<String>), Box<dyn std::error::Error>> {
        let mut rest = Vec::new();
        let ended = timeout(PATIENCE, async {
            while let Some(line) = self.lines.next_line().await? {
                rest.push(line);
            }
            self.process.wait().await
        });
        Ok((ended.await??.code(), rest))
    }
}
