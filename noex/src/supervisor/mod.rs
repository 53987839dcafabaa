//! Supervisors: processes that start, stop and restart other processes.
//!
//! What a supervisor decides is the business of its core, a pure state machine; what it does about it is the
//! driver's. Usually written as a `supervisor!` tree; by hand as a [`Spec`] of [`ChildSpec`]s.

mod child_spec;
mod core;
mod declare;
mod driver;
mod dynamic;
mod handle;
mod info;
mod intensity;
pub(crate) mod not_started;
mod partition;
pub(crate) mod plan;
mod policy;
mod pool;
mod request;
mod spec;
mod task;

pub use crate::process::{Restart, Route, Shutdown, Slot, Unclean};
pub use child_spec::ChildSpec;
pub use dynamic::{Dynamic, DynamicHandle, DynamicSpec, DynamicSupervisor, StartChild};
pub use handle::{ChildCount, ChildError, ChildState, ChildStatus, Stopped, TreeHandle};
pub use info::{ChildInfo, TreeInfo};
pub use intensity::Intensity;
pub use partition::Partitions;
pub use policy::{AutoShutdown, Backoff, Strategy};
pub use pool::{Pool, PoolSpec};
pub use spec::{ChildStartError, Spec, SpecError, Supervisor, start};
pub use task::{Task, TaskRef};
