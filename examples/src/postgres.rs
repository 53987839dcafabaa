//! A PostgreSQL server of one's own, from the programs that are installed.

use std::fs;
use std::io::{self, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is said where there is none.
pub const SKIPPED: &str = "skipped: no PostgreSQL (on Debian: apt-get install postgresql)";

/// Whoever is asked for must be somebody else than root: PostgreSQL refuses that.
const NOBODY: u32 = 65_534;

/// A server with its data in a folder. It lets in everyone from this machine. Dropped, it is stopped.
#[derive(Debug)]
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
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
            port: TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(),
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

    /// The URL of a database of this server, through a socket in its folder. `postgres` is there from the beginning.
    pub fn url(&self, database: &str) -> String {
        let Server { folder, port, .. } = self;
        format!(
            "postgres://orders@/{database}?host={}&port={port}",
            folder.display()
        )
    }

    /// The same through the network.
    pub fn network_url(&self, database: &str) -> String {
        format!("postgres://orders@127.0.0.1:{}/{database}", self.port)
    }

    /// From now on it can be talked to with TLS too, under this certificate.
    ///
    /// # Errors
    ///
    /// When the files cannot be written, or it does not run.
    pub fn encrypt(&self, certificate: &str, key: &str) -> io::Result<()> {
        let [certificate_file, key_file] =
            ["certificate", "key"].map(|name| self.folder.join(name));
        fs::write(&certificate_file, certificate)?;
        fs::write(&key_file, key)?;
        keep_private(&key_file)?;
        if self.as_nobody {
            give_away(&key_file)?;
        }
        let settings = self.folder.join("data").join("postgresql.conf");
        writeln!(
            fs::OpenOptions::new().append(true).open(settings)?,
            "ssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'",
            certificate_file.display(),
            key_file.display(),
        )?;
        self.run("pg_ctl", &["reload"])
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
        let Server { folder, port, .. } = self;
        let options = format!(
            "-c max_connections=500 -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='{}'",
            folder.display()
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

/// Gives a file or folder to nobody when it is root's. Whether it was.
#[cfg(unix)]
fn give_away(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, chown};
    let is_roots = fs::metadata(path)?.uid() == 0;
    if is_roots {
        chown(path, Some(NOBODY), Some(NOBODY))?;
    }
    Ok(is_roots)
}

#[cfg(unix)]
fn keep_private(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
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
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn become_nobody(_: &mut Command) {}
