//! What this thread logs, for tests on a runtime of one thread.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Event, Metadata, Subscriber};

/// The events since it was made, while it lives.
pub(crate) struct Logs {
    lines: Lines,
    _installed: DefaultGuard,
}

/// Target and text of each event.
type Lines = Arc<Mutex<Vec<(&'static str, String)>>>;

impl Logs {
    pub(crate) fn capture() -> Self {
        let lines = Lines::default();
        noex_tests::listen_per_thread();
        let installed = set_default(Capture(lines.clone()));
        Logs {
            lines,
            _installed: installed,
        }
    }

    /// The text of all events at the level of errors.
    #[allow(dead_code, reason = "not every test that shares this file asks for it")]
    pub(crate) fn errors(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let errors = lines.iter().filter(|(_, line)| line.starts_with("ERROR"));
        errors.map(|(_, line)| line.clone()).collect()
    }

    /// The text of events of this target that contain this.
    pub(crate) fn matching(&self, target: &str, text: &str) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let matching = lines
            .iter()
            .filter(|(at, line)| *at == target && line.contains(text));
        matching.map(|(_, line)| line.clone()).collect()
    }
}

struct Capture(Lines);

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(event.metadata().level().to_string());
        event.record(&mut text);
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push((event.metadata().target(), text.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}
