//! The life of one child: what its reports mean.

use super::super::AutoShutdown;
use super::Core;
use super::message::{Action, Answer, Cause, Key};
use super::table::{Entry, State, Stopping};
use crate::process::{Restart, Shutdown};
use std::time::Duration;

impl Core {
    /// Starts the next incarnation of a child that is down.
    pub(super) fn start(&mut self, key: Key) {
        let entry = self.entry(key);
        debug_assert_eq!(entry.state, State::Down);
        entry.incarnation += 1;
        entry.state = State::Starting;
        entry.up_since = None;
        let (child, wait) = (entry.present(key), entry.wait());
        self.act(match wait.is_zero() {
            true => Action::Start(child),
            false => Action::StartAfter(child, wait),
        });
    }

    /// Asks a child to end in the way of its policy; nothing when it has been asked, or is down.
    pub(super) fn ask_to_stop(&mut self, key: Key) {
        let entry = self.entry(key);
        let child = entry.present(key);
        let action = match (entry.state, entry.policy.shutdown) {
            (State::Down | State::Stopping(_), _) => return,
            (State::Starting, _) => {
                entry.state = State::Stopping(Stopping::Aborted);
                return self.act(Action::Abort(child));
            }
            (State::Up, Shutdown::BrutalKill) => Action::Kill(child),
            (State::Up, Shutdown::After(limit)) => Action::Stop {
                child,
                limit: Some(limit),
            },
            (State::Up, Shutdown::Infinity) => Action::Stop { child, limit: None },
        };
        entry.state = State::Stopping(Stopping::Asked);
        self.act(action);
    }

    pub(super) fn started(&mut self, key: Key, now: Duration) {
        let entry = self.entry(key);
        entry.up_since = Some(now);
        match entry.state {
            State::Starting => {
                entry.state = State::Up;
                self.settle(key, Answer::Done);
            }
            // It was quicker than the order to give up, so it has a right to `terminate`.
            State::Stopping(Stopping::Aborted | Stopping::Stuck) => {
                entry.state = State::Up;
                entry.settled = true;
                self.ask_to_stop(key);
            }
            State::Down | State::Up | State::Stopping(Stopping::Asked) => {}
        }
    }

    pub(super) fn ignored(&mut self, key: Key) {
        let entry = self.entry(key);
        match entry.state {
            State::Starting => {
                entry.state = State::Down;
                let policy = entry.policy;
                self.settle(key, Answer::Ignored);
                if self.is_passing(policy) {
                    self.forget(key);
                }
            }
            State::Stopping(_) => self.stopped(key),
            State::Down | State::Up => {}
        }
    }

    pub(super) fn exited(&mut self, key: Key, clean: bool, now: Duration) {
        match self.entry(key).state {
            State::Starting => self.start_failed(key, now),
            State::Up => self.ended(key, clean, now),
            State::Stopping(_) => self.stopped(key),
            State::Down => {}
        }
    }

    /// Its time to stop is over.
    pub(super) fn expired(&mut self, key: Key) {
        let entry = self.entry(key);
        if let State::Stopping(Stopping::Asked | Stopping::Aborted) = entry.state {
            let child = entry.present(key);
            self.act(Action::Kill(child));
        }
    }

    pub(super) fn stuck(&mut self, key: Key) {
        let entry = self.entry(key);
        if let State::Stopping(_) = entry.state {
            entry.state = State::Stopping(Stopping::Stuck);
            for ticket in std::mem::take(&mut entry.waiters) {
                self.reply(ticket, Answer::Stuck);
            }
        }
    }

    /// A start came to a good end.
    fn settle(&mut self, key: Key, answer: Answer) {
        let entry = self.entry(key);
        entry.settled = true;
        if let Some(request) = entry.request.take() {
            self.reply(request.ticket, answer);
        }
        self.pass(key);
    }

    fn start_failed(&mut self, key: Key, now: Duration) {
        let entry = self.entry(key);
        entry.state = State::Down;
        if let Some(request) = entry.request.take() {
            self.reply(request.ticket, Answer::Failed);
            self.pass(key);
            if request.added {
                self.forget(key);
            }
            return;
        }
        let first = !entry.settled;
        if first && !self.ready {
            self.close(Cause::StartFailed(key));
        } else {
            self.failed(key, false, now);
        }
    }

    /// It ended by itself.
    fn ended(&mut self, key: Key, clean: bool, now: Duration) {
        let entry = self.entry(key);
        entry.state = State::Down;
        let policy = entry.policy;
        let restarted = match policy.restart {
            Restart::Permanent => true,
            Restart::Transient => !clean,
            Restart::Temporary => false,
        };
        if restarted {
            return self.failed(key, clean, now);
        }
        let bystander = self.table.get(key).is_some_and(|it| self.is_to_fall(it));
        if self.is_passing(policy) {
            self.forget(key);
        }
        if policy.significant && !bystander {
            self.significant_ended(key);
        }
    }

    /// It is down, and ought not to be.
    fn failed(&mut self, key: Key, clean: bool, now: Duration) {
        // Several who die at once fail once: who has to end anyway costs nothing.
        if self.table.get(key).is_some_and(|it| self.is_to_fall(it)) {
            return;
        }
        self.entry(key).fail(now);
        if self.history.bears(now) {
            self.restart_affected(key, clean);
        } else {
            self.close(Cause::GaveUp(key));
        }
    }

    /// It ended as it was told to.
    fn stopped(&mut self, key: Key) {
        let entry = self.entry(key);
        entry.state = State::Down;
        let waiters = std::mem::take(&mut entry.waiters);
        let known = entry.settled || !waiters.is_empty();
        let policy = entry.policy;
        let forgotten = self.is_passing(policy) && known;
        for ticket in waiters {
            self.reply(ticket, Answer::Done);
        }
        if forgotten {
            self.forget(key);
        }
    }

    fn significant_ended(&mut self, key: Key) {
        let is_active = |entry: &Entry| match entry.state {
            State::Starting | State::Up => true,
            State::Stopping(_) => entry.waiters.is_empty(),
            State::Down => self.is_due(entry),
        };
        let over = match self.auto_shutdown {
            AutoShutdown::Never => false,
            AutoShutdown::AnySignificant => true,
            AutoShutdown::AllSignificant => !self
                .table
                .entries()
                .any(|entry| entry.policy.significant && is_active(entry)),
        };
        if over {
            self.close(Cause::AutoShutdown(key));
        }
    }
}
