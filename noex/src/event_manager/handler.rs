//! What handles events, and where it can be found again.

use crate::process::ExitReason;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

/// Handles the events of an [`EventManager`](super::EventManager), beside others that do.
///
/// It runs in the process of the manager, one event after the other, so it must be quick: what takes long, or awaits, is for a server
/// that it sends a message to.
pub trait EventHandler<E>: Send + 'static {
    /// Handles an event. [`ControlFlow::Break`] removes the handler.
    ///
    /// When it panics the handler is removed and that is logged; the manager and the other handlers go on.
    fn handle_event(&mut self, event: &E) -> ControlFlow<()>;

    /// Runs when the handler is removed, unless it is [given back](super::EventManagerRef::remove). The reason is `Normal` when it wished to
    /// go, that of its owner when it went with that, its own panic, or that of the manager when that ends.
    fn terminate(&mut self, reason: &ExitReason) {
        let _ = reason;
    }
}

/// A handler in its manager: what [`add`](super::EventManagerRef::add) returns.
pub struct HandlerRef<H> {
    pub(super) number: u64,
    handles: PhantomData<fn() -> H>,
}

impl<H> HandlerRef<H> {
    pub(super) fn new(number: u64) -> Self {
        HandlerRef {
            number,
            handles: PhantomData,
        }
    }
}

impl<H> Clone for HandlerRef<H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for HandlerRef<H> {}

impl<H> fmt::Debug for HandlerRef<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HandlerRef").field(&self.number).finish()
    }
}

/// A handler of any type, which can be got back as what it is.
pub(super) trait AnyHandler<E>: EventHandler<E> {
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;

    fn type_name(&self) -> &'static str {
        std::any::type_name::<Self>()
    }
}

impl<E, H: EventHandler<E>> AnyHandler<E> for H {
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
