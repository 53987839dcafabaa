//! For generated code only: nothing here is promised to stay.

pub use crate::process::{Body, Slot};
pub use crate::program::{MainOptions, block_on_main};
pub use crate::server::{
    Awaited, CallLog, ChildPolicy, Failure, Given, IntoInit, Of, Outcome, ReplySlot, ResultLike,
    Seat, Sendable, Sent, Shareable, Shared, Shown, ShownByDebug, ShownByDisplay, ShownByType,
    in_message, life,
};
pub use crate::supervisor::not_started::StartsItself;
pub use crate::supervisor::plan::{
    HalfTyped, IsStart, Keep, Made, NoStart, Parameter, Plan, Same, Sound, Unknown, below, list,
    sibling,
};
#[cfg(feature = "test-util")]
pub use crate::testing::PAUSED;
pub use crate::testing::{Paused, TestOptions, run_test};
pub use noex_macros::supervisor;
pub use std::boxed::Box;
pub use std::clone::Clone;
pub use std::marker::PhantomData;
pub use std::option::Option;
pub use std::result::Result;
pub use std::sync::Arc;
pub use std::time::Duration;
pub use std::vec::Vec;
pub use tracing::Span;

use crate::{Down, Exit, Options};

/// Options fall back to this constant when no `#[gen_server]` sits on the struct.
pub trait DefaultOptions {
    /// What an inherent constant of the same name shadows.
    const __NOEX_OPTIONS: Options = Options::DEFAULT;
}

impl<T: ?Sized> DefaultOptions for T {}

/// A message that nobody has, for servers without `#[info]` handlers.
#[derive(Debug)]
pub enum NoInfo<const N: usize> {}

/// Makes a server that takes no messages take two that nobody has.
#[doc(hidden)]
#[macro_export]
macro_rules! __no_infos {
    ([$($params:tt)*] [$server:ty] [$($bounds:tt)*] [$message:ty]) => {
        $crate::__no_infos! { @0 [$($params)*] [$server] [$($bounds)*] [$message] }
        $crate::__no_infos! { @1 [$($params)*] [$server] [$($bounds)*] [$message] }
    };
    (@$n:literal [$($params:tt)*] [$server:ty] [$($bounds:tt)*] [$message:ty]) => {
        #[doc(hidden)]
        #[automatically_derived]
        impl $($params)* $crate::Info<$crate::__private::NoInfo<$n>> for $server $($bounds)* {
            fn info(message: $crate::__private::NoInfo<$n>) -> $message {
                match message {}
            }
        }
    };
}

/// A message that an `#[info]` handler takes.
#[derive(Debug)]
pub struct Told<T>(PhantomData<T>);

/// Whether somebody sends it, which holds for all but the two below.
pub trait IsPlain {
    /// What an inherent constant of the same name shadows.
    const IS_PLAIN: bool = true;
}

impl<T> IsPlain for Told<T> {}

impl Told<Down> {
    /// Told by `#[info(down)]`.
    pub const IS_PLAIN: bool = false;
}

impl Told<Exit> {
    /// Told by `#[info(exit)]`.
    pub const IS_PLAIN: bool = false;
}

/// What `child_spec` asks of the arguments of `#[init]`, where it is called.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of `child_spec`: a restart needs it again",
    label = "not `Clone + Send + Sync`",
    note = "implement `Clone`, or let a `supervisor!` tree evaluate the argument at each start"
)]
pub trait SpecArg<'a>: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> SpecArg<'_> for T {}
