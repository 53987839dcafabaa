//! Applications and programs, through the public interface. AP in `ids.toml`.

mod apps;
mod beside;
mod config;
mod dependencies;
mod ends;
#[path = "../supervision/events.rs"]
mod events;
mod panics;
#[path = "../supervision/parts.rs"]
mod parts;
mod program;
mod shutdown;
mod signals;
mod starts;
mod stops;
