//! A spec that is asked to start itself: one error, which says what starts it.

use super::{ChildSpec, Spec, Supervisor};
use crate::server::{Child, Start};

/// A spec that starts itself. None does; the lifetime puts the question off until one is asked to.
#[diagnostic::on_unimplemented(
    message = "a spec does not start itself",
    label = "it only says how",
    note = "write `Supervisor::start(spec)` to start a supervisor, `Counter::start(..)` to start a server without one"
)]
pub trait StartsItself<'a> {
    /// What it would begin.
    fn begin<X: Child>(self) -> Start<X>;
}

impl Spec {
    #[doc(hidden)]
    pub fn start(self) -> Start<Supervisor>
    where
        for<'a> Self: StartsItself<'a>,
    {
        self.begin()
    }
}

impl ChildSpec {
    #[doc(hidden)]
    pub fn start<X: Child>(self) -> Start<X>
    where
        for<'a> Self: StartsItself<'a>,
    {
        self.begin()
    }
}
