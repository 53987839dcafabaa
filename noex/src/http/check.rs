//! What a program checks of itself beside its processes.

use crate::process::contain;
use crate::task;
use serde_json::{Value, json};
use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// No check is waited for longer.
pub(super) const LIMIT: Duration = Duration::from_secs(2);

type Run = dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync;

/// One thing to be checked.
#[derive(Clone)]
pub(super) struct Check {
    name: &'static str,
    /// Without it the service is not ready. Else it is degraded.
    critical: bool,
    run: Arc<Run>,
}

/// What became of a check.
pub(super) struct Checked {
    name: &'static str,
    critical: bool,
    took: Duration,
    error: Option<String>,
}

impl Check {
    pub(super) fn new<F, E>(
        name: &'static str,
        critical: bool,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let run = move || {
            let checking = check();
            Box::pin(async move { checking.await.map_err(|error| error.to_string()) })
                as Pin<Box<dyn Future<Output = _> + Send>>
        };
        Check {
            name,
            critical,
            run: Arc::new(run),
        }
    }

    async fn run(self) -> Checked {
        let began = Instant::now();
        // In a task of its own: a check that panics is a check that failed.
        let outcome = match contain(|| (self.run)()) {
            Ok(checking) => {
                let mut running = task::spawn_joinable(checking);
                match timeout(LIMIT, &mut running).await {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(_panicked)) => Err("the check panicked".to_owned()),
                    Err(_late) => {
                        running.abort();
                        Err(format!("no answer within {LIMIT:?}"))
                    }
                }
            }
            Err(_panicked) => Err("the check panicked".to_owned()),
        };
        Checked {
            name: self.name,
            critical: self.critical,
            took: began.elapsed(),
            error: outcome.err(),
        }
    }
}

/// Runs all checks at once.
pub(super) async fn run_all(checks: &[Check]) -> Vec<Checked> {
    let running: Vec<_> = checks
        .iter()
        .map(|c| task::spawn_joinable(c.clone().run()))
        .collect();
    let mut done = Vec::with_capacity(running.len());
    for check in running {
        done.extend(check.await);
    }
    done
}

impl Checked {
    pub(super) fn is_fatal(&self) -> bool {
        self.critical && self.error.is_some()
    }

    pub(super) fn is_ok(&self) -> bool {
        self.error.is_none()
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "status": if self.is_ok() { "ok" } else { "failed" },
            "critical": self.critical,
            "durationMs": u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            "error": self.error,
        })
    }
}
