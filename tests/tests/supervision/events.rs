//! What is told to `tracing`.
#![allow(dead_code, unreachable_pub, reason = "shared by two test programs")]

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Metadata, Subscriber, span};

/// Collects the events of this thread while it lives.
pub struct Events {
    heard: Arc<Mutex<Vec<Heard>>>,
    _guard: DefaultGuard,
}

#[derive(Clone, Debug)]
pub struct Heard {
    pub level: Level,
    pub target: String,
    /// `field=value` each, the message first.
    pub text: String,
}

impl Events {
    pub fn listen() -> Self {
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        noex_tests::listen_per_thread();
        let guard = tracing::subscriber::set_default(Listener(heard.clone()));
        Events {
            heard,
            _guard: guard,
        }
    }

    /// What was told at this level or a more severe one.
    pub fn at(&self, level: Level) -> Vec<Heard> {
        let heard = self.heard.lock().expect("nothing panics here");
        heard.iter().filter(|e| e.level <= level).cloned().collect()
    }

    /// How many of those contain all these words.
    pub fn count(&self, level: Level, words: &[&str]) -> usize {
        let heard = self.at(level);
        let told = |e: &&Heard| words.iter().all(|word| e.text.contains(word));
        heard.iter().filter(told).count()
    }
}

struct Listener(Arc<Mutex<Vec<Heard>>>);

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("noex")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let heard = Heard {
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            text: text.0,
        };
        self.0.lock().expect("nothing panics here").push(heard);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!("{}={value:?} ", field.name());
    }
}
