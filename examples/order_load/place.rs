//! Where a service has its data.

use crate::Result;
use noex_examples::postgres::{SKIPPED, Server};
use rusqlite::OpenFlags;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// Which database the services use.
#[derive(Debug)]
pub(crate) enum Databases {
    /// A file beside the other data.
    Sqlite,
    /// Databases of this server, made anew for each check.
    Postgres {
        url: String,
        /// When it is our own, and may be stopped.
        server: Option<Server>,
    },
}

impl Databases {
    /// What was asked for: `sqlite`, `postgres` for a server of our own in this folder, or the URL of another. `None` where
    /// there is no PostgreSQL.
    pub(crate) fn start(asked_for: &str, folder: &Path) -> Result<Option<Self>> {
        Ok(match asked_for {
            "sqlite" => Some(Databases::Sqlite),
            "postgres" => {
                let server = Server::start(folder)?;
                if server.is_none() {
                    println!("{SKIPPED}");
                }
                server.map(|server| Databases::Postgres {
                    url: server.url("postgres"),
                    server: Some(server),
                })
            }
            url => Some(Databases::Postgres {
                url: url.into(),
                server: None,
            }),
        })
    }

    /// Makes a folder, and a database when they are not files in it, that nothing was in before.
    pub(crate) async fn place(&self, folder: &Path, name: &str) -> Result<Place> {
        let folder = folder.join(name);
        fs::create_dir(&folder)?;
        let database = match self {
            Databases::Sqlite => None,
            Databases::Postgres { url, .. } => {
                let database = format!("order_load_{name}");
                let client = connect(url).await?;
                for statement in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
                    client
                        .batch_execute(&format!("{statement} {database}"))
                        .await?;
                }
                Some(in_database(url, &database)?)
            }
        };
        Ok(Place { folder, database })
    }
}

/// Where one service after the other has its data.
#[derive(Debug)]
pub(crate) struct Place {
    folder: PathBuf,
    database: Option<String>,
}

impl Place {
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder of a worker.
    pub(crate) fn spool(&self, worker: &str) -> PathBuf {
        self.data().join("spool").join(worker)
    }

    /// The URL of the database, empty for files in the folder.
    pub(crate) fn database(&self) -> &str {
        self.database.as_deref().unwrap_or_default()
    }

    /// The ids of all orders, read without the service.
    pub(crate) async fn stored(&self) -> Result<HashSet<Uuid>> {
        const ALL: &str = "SELECT id FROM orders";
        let Some(url) = &self.database else {
            let sqlite = rusqlite::Connection::open_with_flags(
                self.data().join("orders.db"),
                OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE,
            )?;
            let mut select = sqlite.prepare(ALL)?;
            let ids = select.query_map([], |row| row.get(0))?;
            return Ok(ids.collect::<rusqlite::Result<_>>()?);
        };
        let rows = connect(url).await?.query(ALL, &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The same URL with another database.
fn in_database(url: &str, database: &str) -> Result<String> {
    let (server, options) = match url.split_once('?') {
        Some((server, options)) => (server, format!("?{options}")),
        None => (url, String::new()),
    };
    let (scheme, server) = server
        .split_once("://")
        .ok_or("it is no URL of a database")?;
    let server = server.split('/').next().unwrap_or_default();
    Ok(format!("{scheme}://{server}/{database}{options}"))
}
