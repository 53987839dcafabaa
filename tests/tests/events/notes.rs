//! Handlers that note what they hear.

use noex::EventHandler;
use noex::prelude::*;
use noex_tests::without_place;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Note {
    Number(u64),
    /// This handler is to leave.
    Leave(&'static str),
    /// This one is to panic.
    Panic(&'static str),
}

/// What happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    pub(crate) fn add(&self, note: String) {
        self.0.lock().expect("nothing panics here").push(note);
    }

    /// What happened since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("nothing panics here"))
    }
}

/// Notes and adds up what it hears, and how it ends.
pub(crate) struct Noter {
    id: &'static str,
    notes: Notes,
    pub(crate) sum: u64,
}

impl Noter {
    pub(crate) fn new(id: &'static str, notes: &Notes) -> Self {
        Noter {
            id,
            notes: notes.clone(),
            sum: 0,
        }
    }
}

impl EventHandler<Note> for Noter {
    fn handle_event(&mut self, event: &Note) -> ControlFlow<()> {
        match event {
            Note::Number(n) => {
                self.notes.add(format!("{} {n}", self.id));
                self.sum += n;
            }
            Note::Leave(id) if *id == self.id => return ControlFlow::Break(()),
            Note::Panic(id) if *id == self.id => panic!("as asked"),
            Note::Leave(_) | Note::Panic(_) => {}
        }
        ControlFlow::Continue(())
    }

    fn terminate(&mut self, reason: &ExitReason) {
        let reason = without_place(reason);
        self.notes.add(format!("{} ends ({reason})", self.id));
    }
}
