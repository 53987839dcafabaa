//! A service that takes orders: HTTP in front, SQLite or PostgreSQL behind, workers that mail, invoice and announce.
//!
//! ```text
//! cargo run --example production
//! curl -i localhost:8080/orders -d '{"customer": "Ada", "email": "ada@example.org",
//!     "items": [{"sku": "tea", "quantity": 2, "price_cents": 450}]}'
//! ```
//!
//! What can be set from outside is listed in `config`. With `--chaos` it is given trouble, see `chaos`.

mod api;
mod chaos;
mod config;
mod database;
mod folder;
mod order;
mod remote;
mod shared;
mod store;
mod workers;

use config::{Config, Settings};
use database::Database;
use noex::environment::Environment;
use noex::prelude::*;
use noex::supervisor::ChildError;
use noex::{Application, Cache, CacheOptions, ResourcePool};
use order::{Order, Work};
use shared::Shared;
use std::error::Error;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::{Connections, Store, StoreError};
use tokio::time::sleep;
use tracing_subscriber::prelude::*;
use uuid::Uuid;
use workers::Worker;

/// The orders that were asked for or made last.
const CACHED_ORDERS: u64 = 10_000;
/// More than all its children may take together.
const STOP_TIMEOUT: Duration = Duration::from_secs(150);

supervisor! {
    /// The order service.
    #[tree(
        strategy = one_for_one,
        intensity = shared.settings.supervisor.max_restarts in shared.settings.supervisor.restart_window,
    )]
    pub(crate) struct App(shared: Arc<Shared>) {
        // Whoever uses one does not meet this process, and it has nothing to do with what fails in `core`.
        #[child(name = "connections", shutdown = 30s)]
        connections: ResourcePool::<Connections>(
            Connections(shared.settings.clone()),
            Store::pool_options(),
        ),
        #[tree(strategy = rest_for_one, intensity = 3 in 5s)]
        core: {
            #[child(name = "config")]
            config: Config(shared.settings.clone()),
            #[child(name = "database", shutdown = 30s)]
            database: Database(config, connections),
            #[child(name = "cache", shutdown = 5s)]
            cache: Cache::<Uuid, Arc<Order>>(CacheOptions::new(CACHED_ORDERS)),
        },
        // Orders are taken whether they are worked on or not: workers that panic all the time do not end the service.
        #[tree(strategy = one_for_one, intensity = 2_000 in 60s)]
        workers: {
            #[child(name = "email", backoff = 1ms..100ms)]
            email: Worker(Work::Email, core, shared.clone()),
            #[child(name = "pdf", backoff = 1ms..100ms)]
            pdf: Worker(Work::Pdf, core, shared.clone()),
            #[child(name = "notification", backoff = 1ms..100ms)]
            notification: Worker(Work::Notification, core, shared.clone()),
        },
        #[child(name = "api", shutdown = 10s)]
        api: task(api::serve(shared.clone(), core, workers)),
    }
}

#[noex::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let mut settings = Settings::read(&Environment::current())?;
    let chaos = chaos::asked_for(std::env::args().skip(1))?;
    if chaos {
        settings.supervisor.max_restarts = u32::MAX;
    }
    tracing_subscriber::registry()
        .with(
            tracing_subscriber::fmt::layer()
                .with_writer(io::stderr)
                .with_ansi(io::stderr().is_terminal()),
        )
        .with(settings.log.clone())
        .init();
    let shared = Arc::new(Shared::new(settings)?);
    Store::check(&shared.settings).await?;
    let mut application = application(&shared);
    if chaos {
        application = application.start_phase("chaos", move |app| trouble(shared.clone(), app));
    }
    Ok(application.run().await)
}

fn application(shared: &Arc<Shared>) -> Application<App> {
    let [tree, up, end, over] = [(); 4].map(|()| shared.clone());
    Application::new("orders", move || App::start(tree.clone()))
        .start_phase("announce", move |app| announce(up.clone(), app))
        // Load balancers learn from `/ready` that nothing more should come here.
        .prep_stop(move |_| sleep(end.settings.drain))
        .stop_timeout(STOP_TIMEOUT)
        .stopped(move || checkpoint(over.clone()))
}

async fn announce(shared: Arc<Shared>, app: App) -> io::Result<()> {
    let _ = shared.app.set(app);
    tracing::info!(address = %shared.listener()?.local_addr()?, "taking orders");
    Ok(())
}

async fn trouble(shared: Arc<Shared>, app: App) -> Result<(), CallError<ChildError>> {
    tracing::warn!("random children will panic or be killed: --chaos");
    app.start_child(chaos::child(shared)).await.map(drop)
}

async fn checkpoint(shared: Arc<Shared>) -> Result<(), StoreError> {
    Store::checkpoint(&shared.settings).await
}
