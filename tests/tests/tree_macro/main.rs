//! What `supervisor!` declares, run.

mod arguments;
mod forms;
mod hygiene;
mod nesting;
mod options;
mod servers;
