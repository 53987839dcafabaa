//! Programs made of applications: started in the order of their dependencies, kept until a signal or their own end, and stopped in
//! reverse and in bounded time.

mod book;
mod companion;
mod config;
mod controller;
mod definition;
mod error;
mod hook;
mod life;
mod phase;
mod program;
mod report;
mod run;
mod signals;
mod stopping;

pub use config::{Config, ConfigChanges, ConfigError};
pub use controller::Applications;
pub(crate) use controller::Controller;
pub use definition::Application;
pub use error::ApplicationError;
pub(crate) use phase::Progress;
pub use phase::{InFlight, Phase};
pub use program::Program;
pub use report::StopReport;
