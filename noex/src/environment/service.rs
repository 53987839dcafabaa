//! What most services need from outside.

use super::{Environment, Profile, Variable, VariableError, table};
use std::time::Duration;

/// What most services need from outside, with the variables and defaults of the production guide.
///
/// ```
/// use noex::environment::{Environment, ServiceConfig};
/// use std::time::Duration;
///
/// let config = ServiceConfig::read(&Environment::of([("NODE_ENV", "production"), ("DB_PORT", "6432")]))?;
/// assert_eq!(config.database.port, 6432);
/// assert_eq!(config.supervisor.max_restarts, 10);
/// assert_eq!(config.supervisor.restart_window, Duration::from_secs(300));
/// # Ok::<(), noex::environment::VariableError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceConfig {
    /// `NOEX_ENV`, else `NODE_ENV`.
    pub env: Profile,
    /// `LOG_LEVEL`.
    pub log_level: String,
    /// Where the database is.
    pub database: DatabaseConfig,
    /// What the root supervisor bears.
    pub supervisor: SupervisorConfig,
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatabaseConfig {
    /// `DB_HOST`.
    pub host: String,
    /// `DB_PORT`.
    pub port: u16,
    /// `DB_MAX_CONNECTIONS`.
    pub max_connections: u32,
}

/// How many restarts a supervisor bears, for `intensity = max_restarts in restart_window`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SupervisorConfig {
    /// `MAX_RESTARTS`.
    pub max_restarts: u32,
    /// `RESTART_WINDOW`.
    pub restart_window: Duration,
}

const LOG_LEVEL: Variable<String> = Variable::parsed(
    "LOG_LEVEL",
    "info",
    "trace, debug, info, warn, error or off",
    |text| {
        let levels = ["trace", "debug", "info", "warn", "error", "off"];
        let level = text.to_ascii_lowercase();
        levels.contains(&&*level).then_some(level)
    },
)
.about("What is logged");
const DB_HOST: Variable<String> =
    Variable::new("DB_HOST", "localhost", "a host").about("Where the database is");
const DB_PORT: Variable<u16> =
    Variable::new("DB_PORT", "5432", "a port, 0 to 65535").about("Where it listens");
const DB_MAX_CONNECTIONS: Variable<u32> =
    Variable::parsed("DB_MAX_CONNECTIONS", "10", "a number, at least 1", |text| {
        text.parse().ok().filter(|most| *most > 0)
    })
    .about("The most connections to it");

impl SupervisorConfig {
    /// How many restarts.
    pub const MAX_RESTARTS: Variable<u32> = Variable::new("MAX_RESTARTS", "5", "a number")
        .about("How many restarts the root supervisor bears ..")
        .under(Profile::Production, "10");

    /// Within what time.
    pub const RESTART_WINDOW: Variable<Duration> = Variable::millis("RESTART_WINDOW", "60000")
        .about(".. within how many milliseconds")
        .under(Profile::Production, "300000");

    /// Reads these two, for a program that has its own idea of the rest.
    ///
    /// # Errors
    ///
    /// The first that cannot be used.
    pub fn read(environment: &Environment) -> Result<Self, VariableError> {
        Ok(SupervisorConfig {
            max_restarts: environment.read(&Self::MAX_RESTARTS)?,
            restart_window: environment.read(&Self::RESTART_WINDOW)?,
        })
    }
}

impl ServiceConfig {
    /// Reads the variables of the process.
    ///
    /// # Errors
    ///
    /// The first that cannot be used.
    pub fn from_env() -> Result<Self, VariableError> {
        Self::read(&Environment::current())
    }

    /// Reads these variables.
    ///
    /// # Errors
    ///
    /// The first that cannot be used.
    pub fn read(environment: &Environment) -> Result<Self, VariableError> {
        Ok(ServiceConfig {
            env: environment.profile()?,
            log_level: environment.read(&LOG_LEVEL)?,
            database: DatabaseConfig {
                host: environment.read(&DB_HOST)?,
                port: environment.read(&DB_PORT)?,
                max_connections: environment.read(&DB_MAX_CONNECTIONS)?,
            },
            supervisor: SupervisorConfig::read(environment)?,
        })
    }

    /// The table of what can be set, in Markdown.
    pub fn table() -> String {
        table(&[
            &Profile::VARIABLE,
            &LOG_LEVEL,
            &DB_HOST,
            &DB_PORT,
            &DB_MAX_CONNECTIONS,
            &SupervisorConfig::MAX_RESTARTS,
            &SupervisorConfig::RESTART_WINDOW,
        ])
    }
}
