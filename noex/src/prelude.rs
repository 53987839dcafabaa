//! What most programs use: `use noex::prelude::*;`.

pub use crate::{
    CallError, CastError, Ctx, Down, Exit, ExitReason, Init, OrCrash, Process, Recipient, Ref,
    Reply, Split, StartError, StopError, System, gen_server, supervisor,
};
