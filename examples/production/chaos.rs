//! Trouble on purpose. With `--chaos` random children panic or are killed while the service serves.

use crate::config::Config;
use crate::database::Database;
use crate::order::Order;
use crate::shared::Shared;
use crate::store::Connections;
use crate::workers::Worker;
use noex::prelude::*;
use noex::supervisor::Task;
use noex::{Cache, CacheRef, ChildSpec, ResourcePool};
use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use uuid::Uuid;

/// Every child with a name.
const CHILDREN: [&str; 8] = [
    "connections",
    "config",
    "database",
    "cache",
    "email",
    "pdf",
    "notification",
    "api",
];

/// Between two of them, in milliseconds.
const PAUSE: Range<u64> = 50..500;

/// Has a child panic, or killed when nothing can make it panic: whether it runs, `None` when there is no such child.
pub(crate) fn panic_in(child: &str, shared: &Shared) -> Option<bool> {
    Some(match child {
        "config" => Config::named("config").crash().is_ok(),
        "database" => Database::named("database").crash().is_ok(),
        "cache" | "connections" => {
            kill(child, shared);
            true
        }
        "email" | "pdf" | "notification" => Worker::named(child.to_owned()).crash().is_ok(),
        "api" => {
            shared.crash_api.notify_one();
            true
        }
        _ => return None,
    })
}

/// Kills a child in whatever it is doing.
fn kill(child: &str, shared: &Shared) {
    match child {
        "config" => Process::kill(&Config::named("config")),
        "database" => Process::kill(&Database::named("database")),
        "connections" => {
            Process::kill(&ResourcePool::<Connections>::named("connections"));
        }
        "cache" => Process::kill(&cache()),
        "email" | "pdf" | "notification" => Process::kill(&Worker::named(child.to_owned())),
        _ => {
            if let Some(app) = shared.app.get() {
                app.api().kill();
            }
        }
    }
}

/// By its name, as all of them here.
pub(crate) fn cache() -> CacheRef<Uuid, Arc<Order>> {
    Cache::named("cache")
}

/// The child that makes the trouble. Behind all others in the tree, it is the first to stop.
pub(crate) fn child(shared: Arc<Shared>) -> ChildSpec {
    ChildSpec::new("chaos", move || Task::start(trouble(shared.clone())))
}

async fn trouble(shared: Arc<Shared>) {
    loop {
        sleep(Duration::from_millis(fastrand::u64(PAUSE))).await;
        let child = CHILDREN[fastrand::usize(..CHILDREN.len())];
        match fastrand::bool() {
            true => drop(panic_in(child, &shared)),
            false => kill(child, &shared),
        }
    }
}

/// Whether these arguments of the program ask for it.
///
/// # Errors
///
/// When there is any other.
pub(crate) fn asked_for(arguments: impl Iterator<Item = String>) -> Result<bool, UnknownArgument> {
    let mut asked_for = false;
    for argument in arguments {
        match &*argument {
            "--chaos" => asked_for = true,
            _ => return Err(UnknownArgument(argument)),
        }
    }
    Ok(asked_for)
}

/// An argument that the program does not know.
#[derive(Debug)]
pub(crate) struct UnknownArgument(String);

impl fmt::Display for UnknownArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown argument {:?}; the only one is --chaos, all else is set by variables",
            self.0
        )
    }
}

impl Error for UnknownArgument {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_chaos_can_be_asked_for() {
        let asked = |arguments: &[&str]| asked_for(arguments.iter().map(|a| a.to_string()));
        assert!(matches!(asked(&[]), Ok(false)));
        assert!(matches!(asked(&["--chaos"]), Ok(true)));
        let error = asked(&["--chaos", "-v"]).expect_err("-v is not known");
        assert!(error.to_string().contains("\"-v\""));
    }
}
