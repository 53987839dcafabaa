//! What is told to `tracing`.
#![allow(dead_code, unreachable_pub, reason = "shared by two test programs")]

use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::Once;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

thread_local!(static HEARD: RefCell<Option<Vec<Heard>>> = const { RefCell::new(None) });

/// Collects the events of this thread while it lives.
pub struct Events(());

#[derive(Clone, Debug)]
pub struct Heard {
    pub level: Level,
    pub target: String,
    /// `field=value` each, the message first.
    pub text: String,
}

impl Events {
    pub fn listen() -> Self {
        // One for all threads: what a call site is told first, it believes for long.
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            tracing::subscriber::set_global_default(Listener).expect("there is no other");
        });
        HEARD.replace(Some(Vec::new()));
        Events(())
    }

    /// What was told at this level or a more severe one.
    pub fn at(&self, level: Level) -> Vec<Heard> {
        let heard = HEARD.with_borrow(|heard| heard.clone().unwrap_or_default());
        heard.into_iter().filter(|e| e.level <= level).collect()
    }

    /// How many of those contain all these words.
    pub fn count(&self, level: Level, words: &[&str]) -> usize {
        let heard = self.at(level);
        let told = |e: &&Heard| words.iter().all(|word| e.text.contains(word));
        heard.iter().filter(told).count()
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        HEARD.replace(None);
    }
}

struct Listener;

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
        let told = Heard {
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            text: text.0,
        };
        HEARD.with_borrow_mut(|heard| heard.iter_mut().for_each(|heard| heard.push(told.clone())));
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
