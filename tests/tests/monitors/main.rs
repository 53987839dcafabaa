//! MO: monitors, and what a watcher may rely on when it is told.

mod demonitor;
mod downs;
mod races;
mod watched;
mod watcher;
