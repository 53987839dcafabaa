//! The configuration: read from the environment once, kept by a server for those who need it.

use noex::prelude::*;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fmt};
use tracing_subscriber::filter::Targets;

/// What can be set from outside.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `HOST` (127.0.0.1, so that nothing is open to the network unasked) and `PORT` (8080).
    pub(crate) address: SocketAddr,
    /// `DATA_DIR` (`./data`): the orders, and the spool of the workers.
    pub(crate) data_dir: PathBuf,
    /// `LOG_LEVEL` (`info`): a level, or levels of targets as in `info,noex=debug`.
    pub(crate) log: Targets,
    /// `MAX_RESTARTS` (5): how many restarts of its parts the service bears ..
    pub(crate) max_restarts: u32,
    /// .. within `RESTART_WINDOW` (60000 ms).
    pub(crate) restart_window: Duration,
    /// `DRAIN` (500 ms): how long `/ready` says no before the service stops to take requests.
    pub(crate) drain: Duration,
    /// `NOEX_CHAOS` (0): whether `/debug/crash/{child}` is there.
    pub(crate) chaos: bool,
}

/// A variable that cannot be used.
#[derive(Debug, PartialEq)]
pub(crate) struct ConfigError {
    variable: &'static str,
    value: String,
    allowed: &'static str,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            variable,
            value,
            allowed,
        } = self;
        write!(
            f,
            "{variable}={value:?} cannot be used: it must be {allowed}"
        )
    }
}

impl std::error::Error for ConfigError {}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    ///
    /// The first variable with a value that cannot be used.
    pub(crate) fn from_env() -> Result<Self, ConfigError> {
        Self::from(|variable| env::var_os(variable).map(|v| v.to_string_lossy().into_owned()))
    }

    fn from(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        fn read<T: FromStr>(
            get: impl Fn(&str) -> Option<String>,
            variable: &'static str,
            default: &str,
            allowed: &'static str,
        ) -> Result<T, ConfigError> {
            let value = get(variable).unwrap_or_else(|| default.into());
            value.parse().map_err(|_| ConfigError {
                variable,
                value,
                allowed,
            })
        }
        const MS: &str = "a number of milliseconds, at least 1";
        let ms = |variable, default| {
            let ms: std::num::NonZeroU32 = read(&get, variable, default, MS)?;
            Ok(Duration::from_millis(ms.get().into()))
        };
        let host: IpAddr = read(&get, "HOST", "127.0.0.1", "an IP address")?;
        let port: u16 = read(&get, "PORT", "8080", "a port, 0 to 65535")?;
        Ok(Settings {
            address: (host, port).into(),
            data_dir: read(&get, "DATA_DIR", "data", "a path")?,
            log: read(&get, "LOG_LEVEL", "info", "a level such as info or debug")?,
            max_restarts: read(&get, "MAX_RESTARTS", "5", "a number")?,
            restart_window: ms("RESTART_WINDOW", "60000")?,
            drain: ms("DRAIN", "500")?,
            chaos: read::<u8>(&get, "NOEX_CHAOS", "0", "0 or 1")? != 0,
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

    fn settings(set: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        Settings::from(|variable| {
            let found = set.iter().find(|(name, _)| *name == variable);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_need_be_set() -> Result<(), ConfigError> {
        let settings = settings(&[])?;
        assert_eq!(settings.address, ([127, 0, 0, 1], 8080).into());
        assert_eq!(settings.data_dir, PathBuf::from("data"));
        assert_eq!(settings.restart_window, Duration::from_secs(60));
        assert!(!settings.chaos);
        Ok(())
    }

    #[test]
    fn a_bad_value_is_named() {
        let bad = [
            ("PORT", "80a"),
            ("HOST", "localhost"),
            ("LOG_LEVEL", "info=loud"),
            ("MAX_RESTARTS", "-1"),
            ("RESTART_WINDOW", "0"),
            ("NOEX_CHAOS", "yes"),
        ];
        for (variable, value) in bad {
            let error = settings(&[(variable, value)]).expect_err(variable);
            assert_eq!((error.variable, &*error.value), (variable, value));
        }
    }
}
