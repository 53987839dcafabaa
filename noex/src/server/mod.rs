//! Servers: a state, the messages it handles, and typed handles to it.

mod alarm;
mod ask;
mod behaviour;
mod call;
mod call_context;
mod crowd;
mod ctx;
mod detached;
mod gen_server;
mod init;
mod many;
mod pending;
mod process;
mod recipient;
mod remote_timer;
mod reply;
mod reserve;
mod start;
mod stop;
mod system_message;

pub(crate) use ask::ask;
pub use call::Call;
pub use ctx::{Ctx, Timer};
pub use gen_server::{Child, ChildPolicy, GenServer, Info, Ref};
pub use init::{Init, IntoInit, OrCrash, Outcome};
pub use many::{MultiCall, PendingSet, multi_call};
pub use pending::Pending;
pub use process::Process;
pub use recipient::Recipient;
pub use remote_timer::RemoteTimer;
pub use reply::{Reply, ReplySlot, ResultLike};
pub use reserve::{Permit, Reserve};
pub(crate) use start::Untyped;
pub use start::{Seat, Start, Starting, life};
pub use stop::Stop;
pub use system_message::{ProcessStatus, SystemRequest};
