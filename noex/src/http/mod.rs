//! Health, readiness and the observer over HTTP, for axum. With the feature `http`.
//!
//! [`Health`] makes the routes; they can be served [on an address of their own](Health::serve), or be
//! [merged](Health::routes) into a router of the program's. A [`CallError`](crate::CallError) is a response.
//!
//! | path | tells |
//! |---|---|
//! | `/health` | JSON, 200 or 503: whether the service is well, in the words of the guide |
//! | `/ready` | `OK` or 503 `NOT READY`: whether requests should be sent here |
//! | `/health/live` | 200 while the program can answer at all: for a liveness probe |
//! | `/health/ready` | as `/ready`, as JSON, with what is missing |
//! | `/health/startup` | 503 until the applications are up, then 200 |
//! | `/health/detailed` | as `/health`, with each check |
//! | `/observer` | JSON: the [snapshot](crate::Snapshot) |
//! | `/observer/history` | JSON: the last [samples](crate::Sample) |
//! | `/observer/tree` | text: the tree as a drawing |
//! | `/observer/table` | text: the servers as a table, the longest queues first |
//!
//! `/health` is no liveness probe: it says 503 also while the program stops, and when a check fails that a restart of the program
//! would not mend. That is what `/health/live` is for.
//!
//! Served [beside the applications](crate::Program::beside), it answers from before the first is started until the last is stopped:
//!
//! ```no_run
//! use noex::http::Health;
//! use noex::prelude::*;
//! use noex::{Application, Program};
//! use std::process::ExitCode;
//!
//! struct Database;
//!
//! #[gen_server]
//! impl Database {
//!     #[init]
//!     async fn open() -> Self { Self }
//! }
//!
//! supervisor! {
//!     struct Shop {
//!         #[child(name = "database")]
//!         database: Database(),
//!     }
//! }
//!
//! #[noex::main]
//! async fn main() -> ExitCode {
//!     Program::new()
//!         .beside("health", Health::new().ready_when(["database"]).serve(([127, 0, 0, 1], 8081)))
//!         .with(Application::new("shop", || Shop::start()))
//!         .run()
//!         .await
//! }
//! ```
//!
//! It can be a child of a tree as well: `health: task(Health::new().serve(address))`.

mod call_error;
mod check;
mod connections;
mod health;
mod routes;
mod server;

pub use health::Health;
pub use server::HealthServer;
