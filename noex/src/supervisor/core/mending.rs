//! The restart of those that depend on each other, and of nobody else.

use super::message::Key;
use super::order::Mode;
use super::table::State;
use super::{Core, Strategy};
use std::collections::BTreeSet;

/// Whom it is about, by [place](super::table::Entry::place). Those that are to fall come down in reverse first, then those
/// that are to rise come up in order. More may join at any time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Mending {
    falling: BTreeSet<u64>,
    rising: BTreeSet<u64>,
}

impl Mending {
    fn join(&mut self, place: u64) {
        self.falling.insert(place);
        self.rising.insert(place);
    }

    /// It is no child any more.
    pub(super) fn leave(&mut self, place: u64) {
        self.falling.remove(&place);
        self.rising.remove(&place);
    }

    /// It is up, or is passed over; one that is yet to fall has to come up again.
    pub(super) fn pass(&mut self, place: u64) {
        if !self.falling.contains(&place) {
            self.rising.remove(&place);
        }
    }

    pub(super) fn is_to_fall(&self, place: u64) -> bool {
        self.falling.contains(&place)
    }

    pub(super) fn is_to_rise(&self, place: u64) -> bool {
        self.rising.contains(&place)
    }
}

impl Core {
    /// The first start.
    pub(super) fn mend_all(&mut self) {
        self.mode = Mode::Mending;
        let places = self.table.entries().map(|entry| entry.place);
        self.mending.rising = places.collect();
    }

    /// Restarts this child, and those that need it if it failed.
    pub(super) fn mend_after(&mut self, key: Key, clean: bool) {
        let affected = match clean {
            true => BTreeSet::from([key]),
            false => self.needs.affected(key),
        };
        let place = self.entry(key).place;
        // Who is alone in this waits for nobody.
        if affected.len() == 1 && !self.mending.is_to_rise(place) {
            return self.start(key);
        }
        if self.mode == Mode::Idle {
            self.mode = Mode::Mending;
            self.round += 1;
        }
        for key in affected {
            let place = self.entry(key).place;
            self.mending.join(place);
        }
    }

    /// Lets a child that is added meanwhile wait for its turn.
    pub(super) fn take_turn(&mut self, key: Key) {
        if self.mode == Mode::Mending {
            let place = self.entry(key).place;
            self.mending.rising.insert(place);
        }
    }

    /// Goes one child further; false when there is something to wait for, or nothing more.
    pub(super) fn mend(&mut self) -> bool {
        debug_assert_eq!(self.strategy, Strategy::Dependents);
        if let Some(&place) = self.mending.falling.last() {
            if let Some((key, entry)) = self.table.at(place)
                && entry.state != State::Down
            {
                self.ask_to_stop(key);
                return false;
            }
            self.mending.falling.remove(&place);
            return true;
        }
        let Some(&place) = self.mending.rising.first() else {
            self.risen();
            return false;
        };
        match self.table.at(place) {
            Some((key, _)) => self.raise(key),
            None => self.mending.rising.remove(&place),
        }
    }
}
