//! Event managers: processes that hand each event to all their handlers.

mod handler;
mod manager;

pub use handler::{EventHandler, HandlerRef};
pub use manager::{EventManager, EventManagerRef};
