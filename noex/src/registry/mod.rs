//! Names and keyed registries: how processes are found.

mod entry;
mod glob;
mod groups;
mod keyed;
mod listen;
mod lock;
mod mode;
mod names;
mod table;
mod via;

pub use entry::Entry;
pub use groups::Groups;
pub use keyed::KeyRegistry;
pub use listen::{RegistryEvent, RegistryEventKind};
pub use lock::{KeyedGuard, KeyedLock};
pub use mode::{Duplicate, Mode, Unique};
pub use names::Registry;
pub(crate) use via::Via;
