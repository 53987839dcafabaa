//! Children managed at run time.

use super::Core;
use super::message::{Action, Answer, Key, Ticket};
use super::table::{Policy, Request, State};

impl Core {
    /// Adds a child behind all others and starts it, or lets it wait for its turn when others are being
    /// restarted. `None`, with an answer, when the supervisor is ending, or has as many as it may.
    pub(crate) fn add(
        &mut self,
        policy: Policy,
        needs: impl IntoIterator<Item = Key>,
        ticket: Ticket,
    ) -> Option<Key> {
        if self.is_closing() {
            self.reply(ticket, Answer::ShuttingDown);
            return None;
        }
        if self.max_children.is_some_and(|max| self.table.len() >= max) {
            self.reply(ticket, Answer::MaxChildren);
            return None;
        }
        let key = self.table.insert(policy);
        for needed in needs {
            self.needs(key, needed);
        }
        self.take_turn(key);
        self.request_start(key, ticket, true);
        self.step();
        Some(key)
    }

    pub(super) fn terminate(&mut self, key: Key, ticket: Ticket) {
        let Some(state) = self.open_to_command(key, ticket) else {
            return;
        };
        let round = self.round;
        let entry = self.entry(key);
        entry.left_out_of = round;
        let policy = entry.policy;
        if let Some(request) = entry.request.take() {
            self.reply(request.ticket, Answer::Cancelled);
        }
        if state != State::Down {
            self.entry(key).waiters.push(ticket);
            return self.ask_to_stop(key);
        }
        self.reply(ticket, Answer::Done);
        if self.is_passing(policy) {
            self.forget(key);
        }
    }

    pub(super) fn restart(&mut self, key: Key, ticket: Ticket) {
        match self.open_to_command(key, ticket) {
            None => {}
            Some(State::Down) if !self.is_expected(key) => self.request_start(key, ticket, false),
            Some(state) => self.refuse(key, state, ticket),
        }
    }

    pub(super) fn delete(&mut self, key: Key, ticket: Ticket) {
        match self.open_to_command(key, ticket) {
            None => {}
            Some(State::Down) if !self.is_expected(key) => {
                self.forget(key);
                self.reply(ticket, Answer::Done);
            }
            Some(state) => self.refuse(key, state, ticket),
        }
    }

    /// The state of the child a command is about; `None` when the command has been answered already.
    fn open_to_command(&mut self, key: Key, ticket: Ticket) -> Option<State> {
        let refusal = match self.table.get(key) {
            _ if self.is_closing() => Answer::ShuttingDown,
            None => Answer::NotFound,
            Some(entry) => return Some(entry.state),
        };
        self.act(Action::Reply(ticket, refusal));
        None
    }

    fn refuse(&mut self, key: Key, state: State, ticket: Ticket) {
        let entry = self.entry(key);
        let terminated = !entry.waiters.is_empty();
        let answer = match state {
            State::Up => Answer::Running,
            State::Stopping(_) if terminated => Answer::Running,
            State::Starting | State::Down | State::Stopping(_) => Answer::Restarting,
        };
        self.reply(ticket, answer);
    }

    /// Whether a child that is down waits for its turn to be started.
    fn is_expected(&self, key: Key) -> bool {
        self.table.get(key).is_some_and(|entry| self.is_due(entry))
    }

    fn request_start(&mut self, key: Key, ticket: Ticket, added: bool) {
        let entry = self.entry(key);
        entry.left_out_of = 0;
        entry.failures = 0;
        entry.request = Some(Request { ticket, added });
        if !self.is_expected(key) {
            self.start(key);
        }
    }
}
