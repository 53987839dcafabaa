//! The attributes of handlers, for editors and for `#[noex::attr::call]`.
//!
//! Inside of `#[gen_server]` they need no import. All but `info`, which would clash with `tracing::info!`, are in the prelude, so
//! that a `#[call]` whose `impl` block lacks `#[gen_server]` is told so.

pub use noex_macros::{call, cast, continuation, info, init, status, terminate};
