#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

// Generated code names this crate from the outside, also in our own doc tests and unit tests.
#[allow(unused_extern_crates, reason = "used by generated code only")]
extern crate self as noex;

mod application;
#[cfg(feature = "cache")]
mod cache;
mod clock;
mod error;
mod event_manager;
#[cfg(not(noex_hooks))]
mod hooks;
mod in_editor;
mod json;
mod observer;
mod process;
mod program;
mod race;
mod random;
mod registry;
mod resource_pool;
mod server;
mod status;
pub mod supervisor;
mod sync;
mod system;
mod task;
mod testing;
mod watchdog;

pub mod attr;
pub mod environment;
pub mod guide;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "log")]
pub mod log;
pub mod prelude;

#[doc(hidden)]
pub mod __private;
#[cfg(noex_hooks)]
#[doc(hidden)]
pub mod hooks;

pub use noex_macros::{gen_server, main, test};

pub use application::{
    Application, ApplicationError, Applications, Config, ConfigChanges, ConfigError, InFlight,
    Phase, Program, StopReport,
};
#[cfg(feature = "cache")]
pub use cache::{Cache, CacheOptions, CacheRef, CacheStats};
pub use error::{
    CallError, CastError, Cycle, RegisterError, Split, StartError, StopError, SystemMessageError,
};
pub use event_manager::{EventHandler, EventManager, EventManagerRef, HandlerRef};
pub use observer::{
    Events, HeapStats, MemoryStats, NodeStats, Observer, ObserverEvent, Sample, Sampling,
    ServerStats, ServerStatus, Snapshot, Subscription, SupervisorStats, TreeNode,
    set_heap_reporter,
};
pub use process::{
    BlockingJob, DebugFunction, Down, Exit, ExitReason, Exited, Hop, Inline, MonitorRef, Name, Now,
    Options, Overflow, Pid, Restart, Shutdown, Statistics, Stopping, Stuck, SystemEvent,
    SystemEventKind, install_panic_hook, stopping,
};
pub use registry::{
    Duplicate, Entry, Groups, KeyRegistry, KeyedGuard, KeyedLock, Mode, Registry, RegistryEvent,
    RegistryEventKind, Unique,
};
pub use resource_pool::{
    AcquireError, CheckedOut, PoolSizeError, ResourceManager, ResourcePool, ResourcePoolOptions,
    ResourcePoolRef, ResourcePoolStats,
};
pub use server::{
    Call, Child, Ctx, GenServer, Info, Init, MultiCall, OrCrash, Pending, PendingSet, Permit,
    Process, ProcessStatus, Recipient, Ref, RemoteTimer, Reply, Reserve, Start, Stop,
    SystemRequest, Timer, multi_call,
};
pub use status::Status;
pub use supervisor::{ChildSpec, Task, TaskRef};
pub use system::{BindGuard, System};
pub use watchdog::{LongPoll, Watchdog};

#[doc(hidden)]
pub use process::Target;
