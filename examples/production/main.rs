//! A service that takes orders: HTTP in front, SQLite behind, workers that mail, invoice and announce.
//!
//! ```text
//! cargo run --example production
//! curl -i localhost:8080/orders -d '{"customer": "Ada", "email": "ada@example.org",
//!     "items": [{"sku": "tea", "quantity": 2, "price_cents": 450}]}'
//! ```
//!
//! What can be set from outside is listed at `config::Settings`.

mod api;
mod cache;
mod config;
mod database;
mod order;
mod shared;
mod shutdown;
mod store;
mod workers;

use cache::Cache;
use config::{Config, Settings};
use database::Database;
use noex::prelude::*;
use shared::Shared;
use shutdown::Signals;
use std::error::Error;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;
use tracing_subscriber::prelude::*;
use workers::{Email, Notification, Pdf};

const CACHED_ORDERS: usize = 10_000;

supervisor! {
    /// The order service.
    #[tree(
        strategy = one_for_one,
        intensity = shared.settings.max_restarts in shared.settings.restart_window,
    )]
    pub(crate) struct App(shared: Arc<Shared>) {
        #[tree(strategy = rest_for_one, intensity = 3 in 5s)]
        core: {
            #[child(name = "config")]
            config: Config(shared.settings.clone()),
            #[child(name = "database", shutdown = 30s)]
            database: Database(config),
            #[child(name = "cache", shutdown = 5s)]
            cache: Cache(CACHED_ORDERS),
        },
        #[tree(strategy = one_for_one, intensity = 20 in 60s)]
        workers: {
            #[child(name = "email")]
            email: Email(shared.clone()),
            #[child(name = "pdf")]
            pdf: Pdf(shared.clone()),
            #[child(name = "notification")]
            notification: Notification(shared.clone()),
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
    let settings = Settings::from_env()?;
    tracing_subscriber::registry()
        .with(
            tracing_subscriber::fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(std::io::stderr().is_terminal()),
        )
        .with(settings.log.clone())
        .init();
    let signals = Signals::install()?;
    let shared = Arc::new(Shared::new(settings)?);
    let app = App::start(shared.clone()).await?;
    let _ = shared.app.set(app.clone());
    tracing::info!(address = %shared.listener()?.local_addr()?, "taking orders");
    let code = shutdown::run(&app, &shared, signals).await;
    Store::open(&shared.settings.orders())?.checkpoint()?;
    Ok(code)
}
