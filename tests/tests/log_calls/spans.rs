//! The spans of this thread, for tests on a runtime of one thread.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_core::span::Current;

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    metadata: &'static Metadata<'static>,
    /// The place of the span that it is a child of.
    pub(crate) parent: Option<usize>,
    pub(crate) fields: BTreeMap<&'static str, String>,
    /// Level and text of the events in it.
    pub(crate) events: Vec<String>,
}

impl Seen {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

type All = Arc<Mutex<Vec<Seen>>>;

/// The spans since it was made, while it lives.
pub(crate) struct Spans {
    all: All,
    _installed: DefaultGuard,
}

impl Spans {
    /// Listens to what is at least as bad as this.
    pub(crate) fn capture(level: Level) -> Self {
        let all = All::default();
        noex_tests::listen_per_thread();
        let capture = Capture {
            all: all.clone(),
            level,
        };
        Spans {
            all,
            _installed: set_default(capture),
        }
    }

    pub(crate) fn all(&self) -> Vec<Seen> {
        locked(&self.all).clone()
    }

    /// The spans of calls, in the order of their beginning.
    pub(crate) fn calls(&self) -> Vec<Seen> {
        let mut calls = self.all();
        calls.retain(|span| span.metadata.target() == "noex::calls");
        calls
    }

    /// The one call that there was.
    pub(crate) fn call(&self) -> Seen {
        let [call] = <[Seen; 1]>::try_from(self.calls()).expect("one call");
        call
    }
}

fn locked(all: &All) -> MutexGuard<'_, Vec<Seen>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local!(static ENTERED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) });

fn entered() -> Option<usize> {
    ENTERED.with_borrow(|entered| entered.last().copied())
}

/// A span's place among all is its id less one.
struct Capture {
    all: All,
    level: Level,
}

fn place(id: &Id) -> usize {
    usize::try_from(id.into_u64() - 1).expect("few spans")
}

impl Subscriber for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let parent = match span.parent() {
            Some(parent) => Some(place(parent)),
            None if span.is_contextual() => entered(),
            None => None,
        };
        let mut seen = Seen {
            metadata: span.metadata(),
            parent,
            fields: BTreeMap::new(),
            events: Vec::new(),
        };
        span.record(&mut Fields(&mut seen.fields));
        let mut all = locked(&self.all);
        all.push(seen);
        Id::from_u64(all.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut locked(&self.all)[place(id)].fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        let text = fields.remove("message").unwrap_or_default();
        if let Some(place) = entered() {
            let line = format!("{} {text}", event.metadata().level());
            locked(&self.all)[place].events.push(line);
        }
    }

    fn enter(&self, id: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(place(id)));
    }

    fn exit(&self, _: &Id) {
        ENTERED.with_borrow_mut(Vec::pop);
    }

    fn current_span(&self) -> Current {
        let Some(place) = entered() else {
            return Current::none();
        };
        let metadata = locked(&self.all)[place].metadata;
        Current::new(Id::from_u64(place as u64 + 1), metadata)
    }
}

struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
