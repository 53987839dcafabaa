//! Work on several children in order: the first start, the restart of a group, the end of all.

use super::message::{Action, Answer, Cause, Key};
use super::table::{Entry, State, Stopping};
use super::{Core, Strategy};

/// The work on several children that is under way. Places are those of [`Entry::place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    /// None.
    Idle,
    /// Starting in order: those before `next` are done with, those behind it are down.
    Rising { next: u64 },
    /// Stopping in reverse, before the rise: those from `first` on take part, those from `below` on
    /// are down.
    Falling { first: u64, below: u64 },
    /// Stopping and starting those that depend on each other: see [`Mending`](super::mending::Mending).
    Mending,
    /// Stopping all in reverse: those from `below` on are down.
    Closing { below: u64, cause: Cause },
    /// The end.
    Closed,
}

impl Core {
    pub(super) fn begin(&mut self) {
        if self.mode == Mode::Idle && !self.ready {
            self.round += 1;
            self.mode = Mode::Rising { next: 0 };
            if self.strategy == Strategy::Dependents {
                self.mend_all();
            }
        }
    }

    /// Moves the mode as far as the states of the children allow.
    pub(super) fn step(&mut self) {
        loop {
            match self.mode {
                Mode::Idle | Mode::Closed => return,
                Mode::Rising { next } => {
                    if !self.rise(next) {
                        return;
                    }
                }
                Mode::Mending => {
                    if !self.mend() {
                        return;
                    }
                }
                Mode::Falling { first, below } => {
                    let Some((key, entry)) = self.table.last_within(first..below) else {
                        self.mode = Mode::Rising { next: first };
                        continue;
                    };
                    let (place, state) = (entry.place, entry.state);
                    if state != State::Down {
                        return self.ask_to_stop(key);
                    }
                    self.mode = Mode::Falling {
                        first,
                        below: place,
                    };
                }
                Mode::Closing { below, cause } => {
                    let Some((key, entry)) = self.table.last_within(..below) else {
                        self.mode = Mode::Closed;
                        return self.act(Action::Exit(cause));
                    };
                    let (place, state) = (entry.place, entry.state);
                    // The end of a supervisor is not held up by what cannot be ended.
                    if !matches!(state, State::Down | State::Stopping(Stopping::Stuck)) {
                        return self.ask_to_stop(key);
                    }
                    let below = place;
                    self.mode = Mode::Closing { below, cause };
                }
            }
        }
    }

    /// Starts the next child, or passes over it; false when there is something to wait for, or nothing more.
    fn rise(&mut self, next: u64) -> bool {
        let Some((key, entry)) = self.table.first_within(next..) else {
            self.risen();
            return false;
        };
        let place = entry.place;
        self.mode = Mode::Rising { next: place };
        self.raise(key)
    }

    /// All have been started that were to be.
    pub(super) fn risen(&mut self) {
        self.mode = Mode::Idle;
        if !self.ready {
            self.ready = true;
            self.act(Action::Ready);
        }
    }

    /// Starts a child whose turn it is, or passes over it; false when it is waited for.
    pub(super) fn raise(&mut self, key: Key) -> bool {
        let entry = self.table.get(key);
        let (state, due) = entry.map_or((State::Down, false), |it| (it.state, self.is_due(it)));
        match state {
            State::Starting => false,
            State::Down if due => {
                self.start(key);
                false
            }
            // Down, or on its way: a command wants it so.
            State::Down | State::Stopping(_) | State::Up => {
                self.pass(key);
                true
            }
        }
    }

    /// The rise is done with this child, which is the one it has come to, or one before.
    pub(super) fn pass(&mut self, key: Key) {
        let place = self.entry(key).place;
        self.mending.pass(place);
        if let Mode::Rising { next } = &mut self.mode {
            *next = (place + 1).max(*next);
        }
    }

    /// Whether a child that is down will be started by the work under way.
    pub(super) fn is_due(&self, entry: &Entry) -> bool {
        let in_turn = match self.mode {
            Mode::Rising { next } => entry.place >= next,
            Mode::Falling { first, .. } => entry.place >= first,
            Mode::Mending => self.mending.is_to_rise(entry.place),
            Mode::Idle | Mode::Closing { .. } | Mode::Closed => false,
        };
        in_turn && entry.state == State::Down && entry.left_out_of != self.round
    }

    /// Whether this child has to end for the work under way, so that its end changes nothing.
    pub(super) fn is_to_fall(&self, entry: &Entry) -> bool {
        match self.mode {
            Mode::Falling { first, .. } => entry.place >= first,
            Mode::Mending => self.mending.is_to_fall(entry.place),
            Mode::Closing { .. } | Mode::Closed => true,
            Mode::Idle | Mode::Rising { .. } => false,
        }
    }

    /// Restarts whom the strategy wants restarted after this child failed, or ended cleanly though it should not.
    pub(super) fn restart_affected(&mut self, key: Key, clean: bool) {
        let first = match self.strategy {
            Strategy::OneForOne => return self.start(key),
            Strategy::Dependents => return self.mend_after(key, clean),
            Strategy::OneForAll => 0,
            Strategy::RestForOne => self.entry(key).place,
        };
        self.mode = match self.mode {
            Mode::Idle => {
                self.round += 1;
                Mode::Falling {
                    first,
                    below: u64::MAX,
                }
            }
            Mode::Rising { next } => Mode::Falling {
                first,
                below: next + 1,
            },
            Mode::Falling { first: old, below } => Mode::Falling {
                first: first.min(old),
                below,
            },
            other @ (Mode::Mending | Mode::Closing { .. } | Mode::Closed) => other,
        };
    }

    pub(crate) fn is_closing(&self) -> bool {
        matches!(self.mode, Mode::Closing { .. } | Mode::Closed)
    }

    /// Begins the end of the supervisor, unless it has begun.
    pub(super) fn close(&mut self, cause: Cause) {
        if self.is_closing() {
            return;
        }
        self.mode = Mode::Closing {
            below: u64::MAX,
            cause,
        };
        let together = self.max_children.is_some();
        let keys: Vec<Key> = self.table.keys().rev().collect();
        for key in keys {
            if together {
                self.ask_to_stop(key);
            }
            if let Some(request) = self.entry(key).request.take() {
                self.reply(request.ticket, Answer::ShuttingDown);
            }
        }
    }
}
