//! noex.

pub mod supervisor;
