//! Supervisors: processes that start, stop and restart other processes.
//!
//! What a supervisor decides is the business of [`core`], a pure state machine; what it does about it
//! is the driver's.

#[cfg_attr(not(test), expect(dead_code, reason = "the driver is its only user"))]
mod core;
mod intensity;
mod policy;

pub use intensity::Intensity;
pub use policy::{AutoShutdown, Restart, Shutdown, Strategy};
