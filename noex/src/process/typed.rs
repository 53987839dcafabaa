//! A counted handle to a process that knows the type of its messages.

use super::cell::Cell;
use super::handle::ProcessArc;
use super::life::Behaviour;
use std::ops::Deref;
use std::sync::Arc;

/// The cell of a process that lives as a `B`.
pub(crate) struct CellArc<B: Behaviour>(Arc<Cell<B::Message>>);

// Whether it may cross threads is asked of the messages when they are declared (`Behaviour::Message`). If a handle depended on
// them again, a message could not carry the ref of its own server: it may be sent if the ref may, which may if the message may.
//
// SAFETY: a cell whose messages are `Send` is `Erased`, which is `Send` and `Sync`; see `untyped`.
unsafe impl<B: Behaviour> Send for CellArc<B> {}
// SAFETY: the same.
unsafe impl<B: Behaviour> Sync for CellArc<B> {}

impl<B: Behaviour> CellArc<B> {
    pub(crate) fn new(cell: Arc<Cell<B::Message>>) -> Self {
        CellArc(cell)
    }

    pub(crate) fn untyped(&self) -> ProcessArc {
        ProcessArc(self.0.clone())
    }
}

impl<B: Behaviour> Deref for CellArc<B> {
    type Target = Arc<Cell<B::Message>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<B: Behaviour> Clone for CellArc<B> {
    fn clone(&self) -> Self {
        CellArc(self.0.clone())
    }
}
