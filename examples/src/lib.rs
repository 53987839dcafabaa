//! Nothing to use; the examples are the programs beside this. What their tests and their judge share is here.

pub mod postgres;
