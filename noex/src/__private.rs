//! For generated code only: nothing here is promised to stay.

pub use crate::process::{Body, Slot};
pub use crate::server::{IntoInit, Outcome, ReplySlot, ResultLike, Seat, life};
pub use std::boxed::Box;
pub use std::clone::Clone;
pub use std::marker::PhantomData;
pub use std::option::Option;
pub use std::result::Result;
pub use std::sync::Arc;
pub use std::time::Duration;
pub use std::vec::Vec;

use crate::Options;

/// Options fall back to this constant when no `#[gen_server]` sits on the struct.
pub trait DefaultOptions {
    /// What an inherent constant of the same name shadows.
    const __NOEX_OPTIONS: Options = Options::DEFAULT;
}

impl<T: ?Sized> DefaultOptions for T {}
