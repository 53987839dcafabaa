//! Logs as JSON, one line per event, with one call. With the feature `log`.
//!
//! noex tells what happens through [`tracing`], so every subscriber will do; this is the one that most services want. A line has `timestamp`
//! (ISO 8601, in UTC), `level`, `target`, `message`, the event's own fields, and in `span` those of the innermost span.
//!
//! | target | level | tells |
//! |---|---|---|
//! | `noex::lifecycle` | debug, warn | ends of processes; messages that nobody handles, functions that panicked |
//! | `noex::crash` | error | a process that crashed, with handler, state and last events; a panic outside of every process |
//! | `noex::supervisor` | debug to error | starts, restarts, giving up, children that are stuck |
//! | `noex::application` | info, error | starts and stops of programs and their applications |
//! | `noex::watchdog` | warn | handlers that keep their thread too long |
//! | `noex::observer`, `noex::http` | info, error | subscribers that panicked; where health is served |
//!
//! ```no_run
//! # fn main() -> Result<(), noex::log::LogError> {
//! noex::log::init()?;
//! tracing::info!(answer = 42, "ready");
//! // {"timestamp":"2026-01-31T09:30:00.123456Z","level":"INFO","message":"ready","answer":42,"target":"shop"}
//! # Ok(())
//! # }
//! ```

use crate::environment::{Environment, Variable, VariableError};
use std::fmt;
use std::io;
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

/// `LOG_LEVEL`: a level, or levels of targets as in `info,noex=debug`. `info` if it is not set.
pub const LOG_LEVEL: Variable<Targets> = Variable::new(
    "LOG_LEVEL",
    "info",
    "trace, debug, info, warn, error or off, or levels of targets as in info,noex=debug",
)
.about("What is logged");

/// Why nothing is logged.
#[derive(Debug)]
#[non_exhaustive]
pub enum LogError {
    /// `LOG_LEVEL` cannot be used.
    Variable(VariableError),
    /// Something else logs already; call this first, and once.
    AlreadySet,
}

/// Logs to the standard output what `LOG_LEVEL` says.
///
/// # Errors
///
/// When `LOG_LEVEL` cannot be used, or something logs already.
pub fn init() -> Result<(), LogError> {
    let levels = Environment::current().read(&LOG_LEVEL);
    let levels = levels.map_err(LogError::Variable)?;
    let subscriber = subscriber(levels, io::stdout);
    tracing::subscriber::set_global_default(subscriber).map_err(|_| LogError::AlreadySet)
}

/// What [`init`] installs, with levels and a writer of one's own.
pub fn subscriber<W>(levels: Targets, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(writer);
    tracing_subscriber::registry().with(levels).with(lines)
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogError::Variable(error) => error.fmt(f),
            LogError::AlreadySet => {
                f.write_str("something logs already; initialise the log first, and once")
            }
        }
    }
}

impl std::error::Error for LogError {}
