//! What `supervisor!` declares, run.

mod arguments;
mod forms;
mod hygiene;
mod kinds;
mod nesting;
mod options;
mod servers;
