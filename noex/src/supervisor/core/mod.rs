//! What a supervisor decides: events in, actions out. No I/O, and no clock but the `now` of each event.
//!
//! Everything a child process reports comes in as an [`Event`] about one [`Incarnation`] of it, in the
//! order in which it happened; what the driver is to do goes out as [`Action`]s, to be taken
//! in order. Nothing here ever waits: a restart is a state that later events move on.
//!
//! Two kinds of work go on. A child alone is driven by its own [`State`](table::State): a restart under
//! one-for-one, or a command. A [`Mode`] is work on several children in order: the first start, the
//! restart of a group, the end of all. Handlers only change states; [`Core::step`] then moves the
//! mode as far as the states allow. It may be called at any time.
//!
//! A child takes its place in the order when it is added and keeps it.
//!
//! A dynamic supervisor has no first start and no groups. Its children have no order among each other: they end
//! together, and are forgotten when they are down for good.

mod child;
mod command;
mod mending;
mod message;
mod needs;
mod order;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use message::{Action, Answer, Cause, Event, Incarnation, Key, Status, Ticket};
pub(crate) use table::Policy;

use super::intensity::History;
use super::{AutoShutdown, Intensity, Strategy};
use crate::process::Restart;
use mending::Mending;
use needs::Needs;
use order::Mode;
use std::collections::VecDeque;
use std::time::Duration;
use table::{Entry, State, Table};

/// The state machine of one supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Core {
    strategy: Strategy,
    auto_shutdown: AutoShutdown,
    history: History,
    table: Table,
    needs: Needs,
    /// Of a dynamic supervisor: how many children it may have.
    max_children: Option<usize>,
    mode: Mode,
    mending: Mending,
    /// Which first start or group restart the mode is about, or was about last.
    round: u64,
    /// Whether all children have been started once.
    ready: bool,
    actions: VecDeque<Action>,
}

impl Core {
    /// A supervisor of `children`, none of them started. Their keys are those of [`Core::keys`], in order.
    pub(crate) fn new(
        strategy: Strategy,
        intensity: Intensity,
        auto_shutdown: AutoShutdown,
        children: impl IntoIterator<Item = Policy>,
    ) -> Self {
        let mut table = Table::default();
        for policy in children {
            table.insert(policy);
        }
        Core {
            strategy,
            auto_shutdown,
            history: History::new(intensity),
            table,
            needs: Needs::default(),
            max_children: None,
            mode: Mode::Idle,
            mending: Mending::default(),
            round: 0,
            ready: false,
            actions: VecDeque::new(),
        }
    }

    /// A dynamic supervisor that has no children yet.
    pub(crate) fn dynamic(intensity: Intensity, max_children: usize) -> Self {
        Core {
            max_children: Some(max_children),
            ..Core::new(Strategy::OneForOne, intensity, AutoShutdown::Never, [])
        }
    }

    /// Notes that a child needs another one before it.
    pub(crate) fn needs(&mut self, child: Key, needed: Key) {
        self.needs.insert(child, needed);
    }

    /// Takes an event in. What has to be done about it is then in [`Core::next_action`].
    ///
    /// Events about anything but the present incarnation of a child are ignored.
    pub(crate) fn handle(&mut self, event: Event, now: Duration) {
        match event {
            Event::Begin => self.begin(),
            Event::Started(child) => self.on_child(child, |core, key| core.started(key, now)),
            Event::Ignored(child) => self.on_child(child, Self::ignored),
            Event::Failed(child) => {
                self.on_child(child, |core, key| core.exited(key, false, now));
            }
            Event::Exited { child, clean } => {
                self.on_child(child, |core, key| core.exited(key, clean, now));
            }
            Event::Expired(child) => self.on_child(child, Self::expired),
            Event::Stuck(child) => self.on_child(child, Self::stuck),
            Event::Terminate(key, ticket) => self.terminate(key, ticket),
            Event::Restart(key, ticket) => self.restart(key, ticket),
            Event::Delete(key, ticket) => self.delete(key, ticket),
            Event::Shutdown => self.close(Cause::Shutdown),
        }
        self.step();
    }

    /// The next thing to do, in order.
    pub(crate) fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// The children in start order.
    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = Key> {
        self.table.keys()
    }

    /// How a child is; `None` when it is not, or no longer, a child.
    pub(crate) fn status(&self, key: Key) -> Option<Status> {
        let entry = self.table.get(key)?;
        Some(match entry.state {
            State::Up => Status::Running,
            State::Stopping(_) => Status::Stopping,
            State::Down if !self.is_due(entry) => Status::Stopped,
            State::Starting | State::Down if entry.settled => Status::Restarting,
            State::Starting | State::Down => Status::Starting,
        })
    }

    fn on_child(&mut self, child: Incarnation, then: impl FnOnce(&mut Self, Key)) {
        let present = self.table.get(child.key).map(|entry| entry.incarnation);
        if present == Some(child.number) {
            then(self, child.key);
        }
    }

    fn entry(&mut self, key: Key) -> &mut Entry {
        self.table
            .get_mut(key)
            .expect("a key is looked up before it is worked on")
    }

    fn act(&mut self, action: Action) {
        self.actions.push_back(action);
    }

    fn reply(&mut self, ticket: Ticket, answer: Answer) {
        self.act(Action::Reply(ticket, answer));
    }

    /// Takes a child out of the table, unless all is coming to an end anyway.
    fn forget(&mut self, key: Key) {
        if !self.is_closing() {
            let place = self.entry(key).place;
            self.mending.leave(place);
            self.needs.remove(key);
            self.table.remove(key);
            self.act(Action::Forget(key));
        }
    }

    /// Whether a child is forgotten when it is down for good.
    fn is_passing(&self, policy: Policy) -> bool {
        policy.restart == Restart::Temporary || self.max_children.is_some()
    }
}
