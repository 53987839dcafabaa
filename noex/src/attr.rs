//! The attributes of handlers, for editors and for `#[noex::attr::call]`.
//!
//! Inside of `#[gen_server]` they need no import. They are not in the prelude, where `info` and others would clash with
//! the names of other crates.

pub use noex_macros::{call, cast, continuation, info, init, status, terminate};
