//! The configuration: read from the environment once, kept by a server for those who need it.

use crate::remote::{DatabaseServer, MailServer, WebhookServer};
use lettre::message::Mailbox;
#[cfg(test)]
use noex::environment::Profile;
use noex::environment::{Environment, SupervisorConfig, Variable, VariableError};
use noex::prelude::*;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tracing_subscriber::filter::Targets;

const HOST: Variable<IpAddr> = Variable::new("HOST", "127.0.0.1", "an IP address")
    .about("Where it listens: not open to the network unasked");
const PORT: Variable<u16> =
    Variable::new("PORT", "8080", "a port, 0 to 65535").about("At which port");
const DATA_DIR: Variable<PathBuf> = Variable::new("DATA_DIR", "data", "a path")
    .about("`orders.db`, and `spool/` with the files of the workers, named by order");
const DATABASE_URL: Variable<Option<DatabaseServer>> =
    Variable::parsed("DATABASE_URL", "", DatabaseServer::ALLOWED, |text| {
        unless_empty(text, DatabaseServer::parse)
    })
    .about(
        "The PostgreSQL that has the orders; when empty they are in `orders.db`, a file of SQLite",
    )
    .secret();
const MAX_WAITING: Variable<usize> =
    Variable::parsed("MAX_WAITING", "1000", "a number, at least 1", |text| {
        text.parse().ok().filter(|waiting| *waiting > 0)
    })
    .about("How many orders may wait to be stored; more are refused with 503 at once");
const SMTP_URL: Variable<Option<MailServer>> =
    Variable::parsed("SMTP_URL", "", MailServer::ALLOWED, |text| {
        unless_empty(text, MailServer::parse)
    })
    .about("Where mails go to; when empty they become files in `spool/email`")
    .secret();
const MAIL_FROM: Variable<Mailbox> = Variable::new(
    "MAIL_FROM",
    "orders@localhost",
    "an address that mails can come from",
)
.about("From whom mails come");
const WEBHOOK_URL: Variable<Option<WebhookServer>> =
    Variable::parsed("WEBHOOK_URL", "", WebhookServer::ALLOWED, |text| {
        unless_empty(text, WebhookServer::parse)
    })
    .about("Where notices are posted to; when empty they become files in `spool/notification`");
const WEBHOOK_TIMEOUT: Variable<Duration> = Variable::millis("WEBHOOK_TIMEOUT", "5000")
    .about("How many milliseconds an answer to a notice may take");
const LOG_LEVEL: Variable<Targets> =
    Variable::new("LOG_LEVEL", "info", "a level such as info or debug")
        .about("What is logged, also by target: `info,noex=debug`");
const DRAIN: Variable<Duration> = Variable::millis("DRAIN", "500")
    .about("How many milliseconds `/ready` says no before the service stops to take requests");
const NOEX_CHAOS: Variable<u8> = Variable::parsed("NOEX_CHAOS", "0", "0 or 1", |text| {
    text.parse().ok().filter(|chaos| *chaos < 2)
})
.about("1 adds `POST /debug/crash/{child}` and `GET /debug/ping/{child}`");

/// As `README.md` has it.
#[cfg(test)]
fn table() -> String {
    noex::environment::table(&[
        &Profile::VARIABLE,
        &HOST,
        &PORT,
        &DATA_DIR,
        &DATABASE_URL,
        &MAX_WAITING,
        &SMTP_URL,
        &MAIL_FROM,
        &WEBHOOK_URL,
        &WEBHOOK_TIMEOUT,
        &LOG_LEVEL,
        &SupervisorConfig::MAX_RESTARTS,
        &SupervisorConfig::RESTART_WINDOW,
        &DRAIN,
        &NOEX_CHAOS,
    ])
}

/// What can be set from outside; the variables above say what is what.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) address: SocketAddr,
    pub(crate) data_dir: PathBuf,
    pub(crate) database: Option<DatabaseServer>,
    pub(crate) max_waiting: usize,
    pub(crate) smtp: Option<MailServer>,
    pub(crate) mail_from: Mailbox,
    pub(crate) webhook: Option<WebhookServer>,
    pub(crate) webhook_timeout: Duration,
    pub(crate) log: Targets,
    /// What the root of the tree bears.
    pub(crate) supervisor: SupervisorConfig,
    pub(crate) drain: Duration,
    pub(crate) chaos: bool,
}

fn unless_empty<T>(text: &str, parse: fn(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        "" => Some(None),
        text => parse(text).map(Some),
    }
}

impl Settings {
    /// Reads these variables.
    ///
    /// # Errors
    ///
    /// The first with a value that cannot be used.
    pub(crate) fn read(environment: &Environment) -> Result<Self, VariableError> {
        Ok(Settings {
            address: (environment.read(&HOST)?, environment.read(&PORT)?).into(),
            data_dir: environment.read(&DATA_DIR)?,
            database: environment.read(&DATABASE_URL)?,
            log: environment.read(&LOG_LEVEL)?,
            supervisor: SupervisorConfig::read(environment)?,
            drain: environment.read(&DRAIN)?,
            max_waiting: environment.read(&MAX_WAITING)?,
            smtp: environment.read(&SMTP_URL)?,
            mail_from: environment.read(&MAIL_FROM)?,
            webhook: environment.read(&WEBHOOK_URL)?,
            webhook_timeout: environment.read(&WEBHOOK_TIMEOUT)?,
            chaos: environment.read(&NOEX_CHAOS)? != 0,
        })
    }

    /// The file of orders.
    pub(crate) fn orders(&self) -> PathBuf {
        self.data_dir.join("orders.db")
    }

    /// The folder of a worker.
    pub(crate) fn spool(&self, worker: &str) -> PathBuf {
        self.data_dir.join("spool").join(worker)
    }
}

/// Keeps the settings.
#[derive(Debug)]
pub(crate) struct Config {
    settings: Arc<Settings>,
}

#[gen_server]
impl Config {
    #[init]
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self { settings }
    }

    /// The settings that hold now.
    #[call]
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.settings.clone()
    }

    /// Panics: for the judge.
    #[cast]
    pub(crate) fn crash(&mut self) {
        panic!("a planted panic");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(set: &[(&str, &str)]) -> Result<Settings, VariableError> {
        Settings::read(&Environment::of(set.iter().copied()))
    }

    #[test]
    fn nothing_need_be_set() -> Result<(), VariableError> {
        let settings = settings(&[])?;
        assert_eq!(settings.address, ([127, 0, 0, 1], 8080).into());
        assert_eq!(settings.data_dir, PathBuf::from("data"));
        assert_eq!(settings.supervisor.restart_window, Duration::from_secs(60));
        assert!(!settings.chaos);
        Ok(())
    }

    #[test]
    fn the_readme_has_the_table() {
        let readme = include_str!("../README.md");
        let table = table();
        assert!(
            readme.contains(&table),
            "examples/README.md must have:\n{table}"
        );
    }

    #[test]
    fn a_bad_value_is_named() {
        let bad = [
            ("PORT", "80a"),
            ("HOST", "localhost"),
            ("LOG_LEVEL", "info=loud"),
            ("MAX_RESTARTS", "-1"),
            ("RESTART_WINDOW", "0"),
            ("MAX_WAITING", "0"),
            ("DATABASE_URL", "mysql://localhost/orders"),
            ("DATABASE_URL", "postgres://"),
            ("DATABASE_URL", "postgres://localhost:port/orders"),
            ("SMTP_URL", "http://mail"),
            ("SMTP_URL", "mail:25"),
            ("MAIL_FROM", "nobody"),
            ("WEBHOOK_URL", "ftp://example.org"),
            ("WEBHOOK_URL", "/notices"),
            ("NOEX_CHAOS", "yes"),
        ];
        for (variable, value) in bad {
            let error = settings(&[(variable, value)]).expect_err(variable);
            let secret = ["DATABASE_URL", "SMTP_URL"].contains(&variable);
            let shown = if secret { "(secret)" } else { value };
            assert_eq!((error.variable, &*error.value), (variable, shown));
        }
    }
}
