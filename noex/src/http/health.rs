//! What health and readiness depend on.

use super::check::Check;
use super::routes;
use super::server::HealthServer;
use crate::application::Phase;
use crate::observer::{Observer, Snapshot};
use crate::process::Name;
use crate::system::System;
use axum::Router;
use std::fmt::{self, Display};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

/// Decides what the routes of [this module](super) answer.
#[derive(Clone)]
#[must_use = "it answers nothing until it is served"]
pub struct Health {
    pub(super) system: System,
    pub(super) required: Vec<Name>,
    pub(super) checks: Vec<Check>,
    rule: Arc<Rule>,
}

type Rule = dyn Fn(&Snapshot) -> bool + Send + Sync;

impl Health {
    /// Of the system that is meant here: well while it has processes and is not stopping, ready while it is not stopping.
    pub fn new() -> Self {
        Health {
            system: System::current(),
            required: Vec::new(),
            checks: Vec::new(),
            rule: Arc::new(|snapshot| snapshot.process_count > 0),
        }
    }

    /// Of this system instead.
    pub fn system(mut self, system: &System) -> Self {
        self.system = system.clone();
        self
    }

    /// Not ready unless each of these names belongs to a process that runs.
    pub fn ready_when<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.required.extend(names.into_iter().map(Into::into));
        self
    }

    /// Not ready, and not well, while this check fails. It may take two seconds; one that panics has failed.
    ///
    /// ```
    /// use noex::http::Health;
    ///
    /// async fn mail_server_answers() -> Result<(), std::io::Error> { Ok(()) }
    ///
    /// let health = Health::new().check("mail", mail_server_answers);
    /// # drop(health);
    /// ```
    pub fn check<F, E>(
        mut self,
        name: &'static str,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        self.checks.push(Check::new(name, true, check));
        self
    }

    /// Ready all the same, and `degraded` instead of `healthy`, while this check fails.
    pub fn optional_check<F, E>(
        mut self,
        name: &'static str,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        self.checks.push(Check::new(name, false, check));
        self
    }

    /// Well while this says so and the program is not stopping, instead of while there are processes.
    pub fn healthy_when(
        mut self,
        rule: impl Fn(&Snapshot) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.rule = Arc::new(rule);
        self
    }

    /// The routes, to be merged into others.
    pub fn routes(self) -> Router {
        routes::all(self)
    }

    /// Listens on this address. Port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn bind(self, address: impl Into<SocketAddr>) -> io::Result<HealthServer> {
        HealthServer::bind(self, address.into()).await
    }

    /// Listens on this address and answers until the process that it runs in is [to stop](crate::stopping): for `task(..)` in a
    /// tree.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn serve(self, address: impl Into<SocketAddr>) -> io::Result<()> {
        self.bind(address).await?.serve().await;
        Ok(())
    }

    pub(super) fn observer(&self) -> Observer {
        self.system.observer()
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.system.phase() > Phase::Running
    }

    /// Whether it is well, but for the checks.
    pub(super) fn is_well(&self, snapshot: &Snapshot) -> bool {
        !self.is_stopping() && (self.rule)(snapshot)
    }

    /// The required names that belong to nobody.
    pub(super) fn missing(&self) -> Vec<&Name> {
        let registry = self.system.registry();
        let names = self.required.iter();
        names
            .filter(|name| registry.whereis(name).is_none())
            .collect()
    }

    /// Whether it may be given requests, but for names and checks.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.system.phase(), Phase::Idle | Phase::Running)
    }
}

impl Default for Health {
    fn default() -> Self {
        Health::new()
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health")
            .field("required", &self.required)
            .finish_non_exhaustive()
    }
}
