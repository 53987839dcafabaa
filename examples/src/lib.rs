//! Nothing: what this package is for are its examples, see `Cargo.toml`.
