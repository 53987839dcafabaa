//! The service as a process of the operating system.

use crate::Result;
use crate::client::Client;
use crate::place::Place;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tokio::process::Child;
use tokio::time::{sleep, timeout};

#[derive(Debug)]
pub(crate) struct Service {
    process: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
    /// From its start to its first `OK` on `/ready`.
    pub(crate) startup: Duration,
}

impl Service {
    /// Starts the service with its data in this place and waits until it is ready.
    pub(crate) async fn start(program: &Path, place: &Place) -> Result<Self> {
        Service::start_with(program, place, &[], &[]).await
    }

    /// The same, with these arguments and variables.
    pub(crate) async fn start_with(
        program: &Path,
        place: &Place,
        arguments: &[&str],
        variables: &[(&str, String)],
    ) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = place.folder().join("log");
        let started = Instant::now();
        let process = tokio::process::Command::new(program)
            .args(arguments)
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env("DATA_DIR", place.data())
            .env("DATABASE_URL", place.database())
            .env("NOEX_CHAOS", "1")
            .env("LOG_LEVEL", "info,noex=debug")
            .env("RUST_BACKTRACE", "0")
            .env_remove("MAX_RESTARTS")
            .env_remove("RESTART_WINDOW")
            .env_remove("DRAIN")
            .env_remove("MAX_WAITING")
            .env_remove("SMTP_URL")
            .env_remove("WEBHOOK_URL")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stderr(File::create(&log)?)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut service = Service {
            process,
            address,
            log,
            startup: Duration::ZERO,
        };
        let mut client = service.client();
        while !matches!(client.get("/ready").await, Ok(ready) if ready.status == 200) {
            if let Some(status) = service.process.try_wait()? {
                return Err(format!("it ended at once, {status}: {}", service.log()?).into());
            }
            if started.elapsed() > Duration::from_secs(10) {
                return Err("it is not ready after 10 s".into());
            }
            sleep(Duration::from_millis(2)).await;
        }
        service.startup = started.elapsed();
        Ok(service)
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    pub(crate) fn log(&self) -> io::Result<String> {
        fs::read_to_string(&self.log)
    }

    pub(crate) fn pid(&self) -> Result<u32> {
        Ok(self.process.id().ok_or("it has ended")?)
    }

    /// Sends it a signal: `TERM`, `KILL`.
    pub(crate) fn signal(&self, signal: &str) -> Result<()> {
        let pid = self.pid()?;
        let sent = Command::new("kill")
            .args(["-s", signal, &pid.to_string()])
            .status()?;
        match sent.success() {
            true => Ok(()),
            false => Err(format!("kill: {sent}").into()),
        }
    }

    /// Waits for its end.
    pub(crate) async fn exited(&mut self, limit: Duration) -> Result<ExitStatus> {
        let late = |_| format!("it still runs after {limit:?}");
        Ok(timeout(limit, self.process.wait()).await.map_err(late)??)
    }

    /// How often each child was restarted, by its place in the tree.
    pub(crate) async fn restarts(&self) -> Result<BTreeMap<String, u64>> {
        let stats = self.client().get("/stats").await?.json()?;
        Ok(serde_json::from_value(stats["restarts"].clone())?)
    }

    /// The process that answers by this name; an error while none does.
    pub(crate) async fn incarnation(&self, client: &mut Client, child: &str) -> Result<String> {
        let answer = client.get(&format!("/debug/ping/{child}")).await?;
        match (answer.status, &answer.json()?["pid"]) {
            (200, serde_json::Value::String(pid)) => Ok(pid.clone()),
            (status, _) => Err(format!("{child} does not answer: {status}").into()),
        }
    }

    /// Plants a panic in a child and waits until another incarnation answers by its name.
    pub(crate) async fn crash(&self, child: &str) -> Result<Duration> {
        let mut client = self.client();
        let before = self.incarnation(&mut client, child).await?;
        let planted = Instant::now();
        let path = format!("/debug/crash/{child}");
        let answer = client.post(&path, b"").await?;
        if answer.status != 202 {
            return Err(format!("{path}: {}", answer.status).into());
        }
        loop {
            match self.incarnation(&mut client, child).await {
                Ok(now) if now != before => return Ok(planted.elapsed()),
                Err(error) if planted.elapsed() > Duration::from_secs(5) => return Err(error),
                _ if planted.elapsed() > Duration::from_secs(5) => {
                    return Err(format!("{child} did not panic").into());
                }
                _ => {}
            }
        }
    }
}
