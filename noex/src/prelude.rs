//! What most programs use: `use noex::prelude::*;`.

pub use crate::attr::{call, cast, continuation, init, status, terminate};
pub use crate::supervisor::Supervisor;
pub use crate::{
    CallError, CastError, Ctx, Down, Exit, ExitReason, GenServer, Init, KeyRegistry, OrCrash,
    Process, Recipient, Ref, Registry, Reply, Split, StartError, StopError, System, gen_server,
    supervisor,
};
