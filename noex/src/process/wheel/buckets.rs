//! The entries of a wheel, in the order of time: it is told what time it is, and wakes nobody.

use super::Due;
use std::collections::BTreeMap;

/// Buckets of one millisecond each: a turn is a little over eight seconds, more than the default call timeout.
const TURN: u64 = 8192;
const NONE: u32 = u32::MAX;

/// Names an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    index: u32,
    /// Tells the entry from those that used its place before.
    turn: u32,
}

#[derive(Debug)]
pub(super) struct Buckets {
    entries: Vec<Entry>,
    free: u32,
    /// First entry of each bucket.
    first: Box<[u32]>,
    /// One bit per bucket that is not empty.
    filled: Box<[u64]>,
    far: BTreeMap<(u64, u32), ()>,
    /// The last tick that has been looked at.
    pub(super) done: u64,
}

#[derive(Debug)]
struct Entry {
    due: Option<Due>,
    tick: u64,
    turn: u32,
    before: u32,
    /// Next in the bucket, or in the list of free places.
    after: u32,
}

impl Buckets {
    pub(super) fn new() -> Self {
        Buckets {
            entries: Vec::new(),
            free: NONE,
            first: vec![NONE; TURN as usize].into(),
            filled: vec![0; (TURN / 64) as usize].into(),
            far: BTreeMap::new(),
            done: 0,
        }
    }

    /// Moves on over ticks without entries, of which the sleeping task has not been told.
    pub(super) fn catch_up(&mut self, now: u64) {
        if now > self.done + TURN / 8 && self.next() >= now {
            self.done = now - 1;
        }
    }

    pub(super) fn insert(&mut self, tick: u64, due: Due) -> Key {
        let index = match self.free {
            NONE => {
                self.entries.push(Entry {
                    due: None,
                    tick,
                    turn: 0,
                    before: NONE,
                    after: NONE,
                });
                (self.entries.len() - 1) as u32
            }
            index => {
                self.free = self.entries[index as usize].after;
                index
            }
        };
        let near = tick <= self.done + TURN;
        let bucket = (tick % TURN) as usize;
        let first = if near { self.first[bucket] } else { NONE };
        let entry = &mut self.entries[index as usize];
        (entry.due, entry.tick, entry.before, entry.after) = (Some(due), tick, NONE, first);
        let turn = entry.turn;
        if near {
            if first != NONE {
                self.entries[first as usize].before = index;
            }
            self.first[bucket] = index;
            self.filled[bucket / 64] |= 1 << (bucket % 64);
        } else {
            self.far.insert((tick, index), ());
        }
        Key { index, turn }
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Due> {
        let entry = self.entries.get_mut(key.index as usize)?;
        if entry.turn != key.turn {
            return None;
        }
        let due = entry.due.take()?;
        let (tick, before, after) = (entry.tick, entry.before, entry.after);
        if self.far.remove(&(tick, key.index)).is_none() {
            self.unlink(tick, before, after);
        }
        self.release(key.index);
        Some(due)
    }

    /// Whether an entry is still to come.
    pub(super) fn holds(&self, key: Key) -> bool {
        let entry = self.entries.get(key.index as usize);
        entry.is_some_and(|e| e.turn == key.turn && e.due.is_some())
    }

    fn unlink(&mut self, tick: u64, before: u32, after: u32) {
        let bucket = (tick % TURN) as usize;
        match before {
            NONE => self.first[bucket] = after,
            before => self.entries[before as usize].after = after,
        }
        if after != NONE {
            self.entries[after as usize].before = before;
        }
        if self.first[bucket] == NONE {
            self.filled[bucket / 64] &= !(1 << (bucket % 64));
        }
    }

    fn release(&mut self, index: u32) {
        let entry = &mut self.entries[index as usize];
        entry.turn = entry.turn.wrapping_add(1);
        entry.after = self.free;
        self.free = index;
    }

    /// Takes out what is due by `now`, in the order of time.
    pub(super) fn collect(&mut self, now: u64, ripe: &mut Vec<Due>) {
        while let Some(tick) = self.next_by(now) {
            let bucket = (tick % TURN) as usize;
            let mut index = self.first[bucket];
            // A bucket holds one tick only: farther ones wait in `far`.
            let from = ripe.len();
            while index != NONE {
                let entry = &mut self.entries[index as usize];
                let after = entry.after;
                ripe.extend(entry.due.take());
                self.release(index);
                index = after;
            }
            self.first[bucket] = NONE;
            self.filled[bucket / 64] &= !(1 << (bucket % 64));
            // Pushed in front, so the first come is last.
            ripe[from..].reverse();
            while let Some((&(far, index), ())) = self.far.first_key_value()
                && far <= tick
            {
                self.far.pop_first();
                ripe.extend(self.entries[index as usize].due.take());
                self.release(index);
            }
            self.done = self.done.max(tick);
        }
        self.done = self.done.max(now);
    }

    fn next_by(&self, now: u64) -> Option<u64> {
        Some(self.next()).filter(|next| *next <= now)
    }

    /// The next tick with an entry.
    pub(super) fn next(&self) -> u64 {
        let far = self
            .far
            .first_key_value()
            .map_or(u64::MAX, |((t, _), ())| *t);
        far.min(self.next_near().unwrap_or(u64::MAX))
    }

    fn next_near(&self) -> Option<u64> {
        let first = (self.done + 1) % TURN;
        let words = self.filled.len() as u64;
        for step in 0..=words {
            let word = ((first / 64) + step) % words;
            let mut bits = self.filled[word as usize];
            if step == 0 {
                bits &= u64::MAX << (first % 64);
            } else if step == words {
                bits &= !(u64::MAX << (first % 64));
            }
            if bits != 0 {
                let bucket = word * 64 + u64::from(bits.trailing_zeros());
                let ahead = (bucket + TURN - first) % TURN;
                return Some(self.done + 1 + ahead);
            }
        }
        None
    }
}
