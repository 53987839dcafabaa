//! What can be asked of a supervisor.

use super::ChildSpec;
use super::core::{Key, Ticket};
use super::handle::{ChildCount, ChildError, ChildStatus};
use crate::process::{Pid, Slot};
use crate::server::Reply;
use std::borrow::Cow;
use std::collections::HashMap;

#[derive(Debug)]
pub(super) enum Request {
    Children(Reply<Vec<ChildStatus>>),
    Count(Reply<ChildCount>),
    Start(Box<ChildSpec>, Reply<Started, ChildError>),
    Terminate(Child, Reply<(), ChildError>),
    Restart(Cow<'static, str>, Reply<Started, ChildError>),
    Resize(usize, Reply<(), ChildError>),
    Delete(Cow<'static, str>, Reply<(), ChildError>),
}

/// Which child is meant.
#[derive(Debug)]
pub(super) enum Child {
    Id(Cow<'static, str>),
    /// Of a dynamic supervisor.
    Pid(Pid),
}

/// A child that was started.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) pid: Pid,
    pub(super) slot: Slot,
}

/// An answer that is still owed.
#[derive(Debug)]
pub(super) enum Owed {
    Nothing(Reply<(), ChildError>),
    Started(Reply<Started, ChildError>, Key),
    /// A part of a change of the number of partitions.
    Resized(Key),
}

/// Answers owed, by ticket.
#[derive(Debug, Default)]
pub(super) struct Tickets {
    next: u64,
    owed: HashMap<u64, Owed>,
}

impl Tickets {
    pub(super) fn issue(&mut self, owed: Owed) -> Ticket {
        self.next += 1;
        self.owed.insert(self.next, owed);
        Ticket(self.next)
    }

    /// Says for which child the answer is.
    pub(super) fn name(&mut self, ticket: Ticket, child: Key) {
        if let Some(Owed::Started(_, key)) = self.owed.get_mut(&ticket.0) {
            *key = child;
        }
    }

    pub(super) fn redeem(&mut self, ticket: Ticket) -> Option<Owed> {
        self.owed.remove(&ticket.0)
    }
}
