//! Good code, under every lint that a careful crate may turn on. What the macros generate must cause
//! none of them; `cargo clippy` and `cargo doc` look at it as well as the compiler does.

#![deny(
    warnings,
    future_incompatible,
    let_underscore_drop,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    nonstandard_style,
    rust_2018_idioms,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unnameable_types,
    unreachable_pub,
    unused,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    rustdoc::all,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
#![forbid(unsafe_code)]
#![deny(
    clippy::absolute_paths,
    clippy::exhaustive_enums,
    clippy::missing_inline_in_public_items,
    clippy::panic,
    clippy::shadow_reuse,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "some lints of the restriction group that generated code would break"
)]
#![allow(
    clippy::missing_inline_in_public_items,
    clippy::module_name_repetitions,
    clippy::absolute_paths,
    reason = "the author's taste"
)]

pub mod acquainted;
pub mod everyday;
pub mod forms;
pub mod generic;
pub mod hostile;
pub mod local;
pub mod renamed;
pub mod trees;
