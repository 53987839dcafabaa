//! TI: timers, which belong to the server that sets them.

mod clock;
mod edges;
mod firing;
mod ownership;
mod remote;
