//! The configuration: read from the environment once, kept by a server for those who need it.

use noex::environment::{Environment, Profile, Variable, VariableError};
use noex::prelude::*;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tracing_subscriber::filter::Targets;

const HOST: Variable<IpAddr> = Variable::new("HOST", "127.0.0.1", "an IP address");
const PORT: Variable<u16> = Variable::new("PORT", "8080", "a port, 0 to 65535");
const DATA_DIR: Variable<PathBuf> = Variable::new("DATA_DIR", "data", "a path");
const LOG_LEVEL: Variable<Targets> =
    Variable::new("LOG_LEVEL", "info", "a level such as info or debug");
const MAX_RESTARTS: Variable<u32> =
    Variable::new("MAX_RESTARTS", "5", "a number").under(Profile::Production, "10");
const RESTART_WINDOW: Variable<Duration> =
    Variable::millis("RESTART_WINDOW", "60000").under(Profile::Production, "300000");
const DRAIN: Variable<Duration> = Variable::millis("DRAIN", "500");
const NOEX_CHAOS: Variable<u8> = Variable::parsed("NOEX_CHAOS", "0", "0 or 1", |text| {
    text.parse().ok().filter(|chaos| *chaos < 2)
});

/// What can be set from outside.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `HOST` (127.0.0.1, so that nothing is open to the network unasked) and `PORT` (8080).
    pub(crate) address: SocketAddr,
    /// `DATA_DIR` (`./data`): the orders, and the spool of the workers.
    pub(crate) data_dir: PathBuf,
    /// `LOG_LEVEL` (`info`): a level, or levels of targets as in `info,noex=debug`.
    pub(crate) log: Targets,
    /// `MAX_RESTARTS` (5; 10 with `NOEX_ENV=production`): how many restarts of its parts the service bears ..
    pub(crate) max_restarts: u32,
    /// .. within `RESTART_WINDOW` (60000 ms; 300000 with `NOEX_ENV=production`).
    pub(crate) restart_window: Duration,
    /// `DRAIN` (500 ms): how long `/ready` says no before the service stops to take requests.
    pub(crate) drain: Duration,
    /// `NOEX_CHAOS` (0): whether `/debug/crash/{child}` is there.
    pub(crate) chaos: bool,
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
            log: environment.read(&LOG_LEVEL)?,
            max_restarts: environment.read(&MAX_RESTARTS)?,
            restart_window: environment.read(&RESTART_WINDOW)?,
            drain: environment.read(&DRAIN)?,
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
