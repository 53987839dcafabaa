//! What can be asked of a supervisor.

use super::ChildSpec;
use super::core::{Key, Ticket};
use super::handle::{ChildError, ChildStatus};
use crate::process::Pid;
use crate::server::Reply;
use std::borrow::Cow;
use std::collections::HashMap;

#[derive(Debug)]
pub(super) enum Request {
    Children(Reply<Vec<ChildStatus>>),
    Start(Box<ChildSpec>, Reply<Pid, ChildError>),
    Terminate(Cow<'static, str>, Reply<(), ChildError>),
    Restart(Cow<'static, str>, Reply<Pid, ChildError>),
    Delete(Cow<'static, str>, Reply<(), ChildError>),
}

/// An answer that is still owed.
#[derive(Debug)]
pub(super) enum Owed {
    Nothing(Reply<(), ChildError>),
    Pid(Reply<Pid, ChildError>, Key),
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
        if let Some(Owed::Pid(_, key)) = self.owed.get_mut(&ticket.0) {
            *key = child;
        }
    }

    pub(super) fn redeem(&mut self, ticket: Ticket) -> Option<Owed> {
        self.owed.remove(&ticket.0)
    }
}
