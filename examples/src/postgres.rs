//! A PostgreSQL server of one's own, from the programs that are installed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is said where there is none.
pub const SKIPPED: &str = "skipped: no PostgreSQL (on Debian: apt-get install postgresql)";

/// Whoever is asked for must be somebody else than root: PostgreSQL refuses that.
const NOBODY: u32 = 65_534;

/// A server with its data in a folder, which listens on a socket there and nowhere else. Dropped, it is stopped.
#[derive(Debug)]
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    as_nobody: bool,
}

impl Server {
    /// Makes a server in this folder, which it takes as its own, and starts it. `None` where no PostgreSQL is installed.
    ///
    /// # Errors
    ///
    /// When it is installed and cannot be started.
    pub fn start(folder: &Path) -> io::Result<Option<Self>> {
        let Some(programs) = programs() else {
            return Ok(None);
        };
        let server = Server {
            programs,
            folder: folder.into(),
            as_nobody: give_away(folder)?,
        };
        server.run(
            "initdb",
            &[
                "--username=orders",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
        )?;
        server.resume()?;
        Ok(Some(server))
    }

    /// The URL of a database of this server. `postgres` is there from the beginning.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://orders@/{database}?host={}",
            self.folder.display()
        )
    }

    /// Ends the server as a crash would: every connection breaks, and nothing is tidied up.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn stop(&self) -> io::Result<()> {
        self.run("pg_ctl", &["stop", "--mode=immediate"])
    }

    /// Starts it again after a stop, and waits until it can be used.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn resume(&self) -> io::Result<()> {
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}'",
            self.folder.display()
        );
        let log = self.folder.join("log");
        self.run(
            "pg_ctl",
            &[
                "start",
                "--wait",
                "--log",
                &log.to_string_lossy(),
                "--options",
                &options,
            ],
        )
    }

    /// Runs one of its programs on its data.
    fn run(&self, program: &str, arguments: &[&str]) -> io::Result<()> {
        let mut command = Command::new(self.programs.join(program));
        command
            .args(arguments)
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        if self.as_nobody {
            become_nobody(&mut command);
        }
        let status = command.status()?;
        match status.success() {
            true => Ok(()),
            false => Err(io::Error::other(format!("{program}: {status}"))),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been stopped.
        if self.folder.join("data").join("postmaster.pid").exists() {
            let _ = self.stop();
        }
    }
}

/// Where `initdb` and `pg_ctl` are: on the path, else where Debian has the newest.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<_> = versions.flatten().map(|version| version.path()).collect();
        versions.sort();
        folders.extend(
            versions
                .into_iter()
                .rev()
                .map(|version| version.join("bin")),
        );
    }
    let has_all = |folder: &PathBuf| {
        ["initdb", "pg_ctl"]
            .iter()
            .all(|program| folder.join(program).exists())
    };
    folders.into_iter().find(has_all)
}

/// Gives the folder to nobody when it is root's. Whether it was.
#[cfg(unix)]
fn give_away(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, chown};
    let is_roots = fs::metadata(folder)?.uid() == 0;
    if is_roots {
        chown(folder, Some(NOBODY), Some(NOBODY))?;
    }
    Ok(is_roots)
}

#[cfg(unix)]
fn become_nobody(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.uid(NOBODY).gid(NOBODY);
}

#[cfg(not(unix))]
fn give_away(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
fn become_nobody(_: &mut Command) {}
