//! The options of one handler's attribute.

use crate::{
    diag::Diag,
    model::{attributes::Marker, kind, kind::Kind},
    syntax::{duration::Length, options},
    text::{option as option_text, server as text},
};
use proc_macro2::{Ident, TokenTree};

/// Who answers a call, and when.
#[derive(Clone)]
pub(crate) enum Answer {
    /// The handler's return value is the answer.
    Returned,
    /// The handler gets a `Reply` and answers through it.
    Deferred(Ident),
    /// The handler returns a future that runs beside the server.
    Spawned(Ident),
}

pub(crate) struct HandlerOptions {
    pub(crate) kind: Kind,
    /// The name of the ref's method, when it differs from the handler's.
    pub(crate) rename: Option<Ident>,
    pub(crate) timeout: Option<Length>,
    pub(crate) answer: Answer,
    /// A `Result` goes to the caller as it is.
    pub(crate) raw: bool,
    /// Runs also when nobody waits for the answer any more.
    pub(crate) always: bool,
}

impl HandlerOptions {
    pub(crate) fn read(marker: &Marker, d: &mut Diag) -> Self {
        let mut out = Self {
            kind: marker.kind,
            rename: None,
            timeout: None,
            answer: Answer::Returned,
            raw: false,
            always: false,
        };
        match marker.kind {
            Kind::Info => out.read_info(marker, d),
            _ => out.read_list(marker, d),
        }
        out
    }

    fn read_list(&mut self, marker: &Marker, d: &mut Diag) {
        let known: &[&str] = match self.kind {
            Kind::Call => &["timeout", "deferred", "spawn", "raw", "always", "name"],
            Kind::Cast => &["name"],
            _ => &[],
        };
        for opt in options::read(marker.options.clone(), d) {
            let key = opt.key.to_string();
            if !known.contains(&key.as_str()) {
                opt.unknown(&format!("`{}` option", self.kind.written()), known, d);
                continue;
            }
            match key.as_str() {
                "name" => self.rename = opt.parse("other_name", d),
                "timeout" => self.timeout = opt.duration(d),
                "raw" => self.raw = opt.switch(d),
                "always" => self.always = opt.switch(d),
                _ => {
                    opt.bare(d);
                    if let Answer::Deferred(other) | Answer::Spawned(other) = &self.answer {
                        d.report(&opt.key, text::deferred_and_spawned(&other.to_string()));
                    } else if key == "spawn" {
                        self.answer = Answer::Spawned(opt.key);
                    } else {
                        self.answer = Answer::Deferred(opt.key);
                    }
                }
            }
        }
    }

    /// `#[info]`, or `#[info(down)]` and the like.
    fn read_info(&mut self, marker: &Marker, d: &mut Diag) {
        let mut words = marker.options.clone().into_iter();
        match (words.next(), words.next()) {
            (None, _) => {}
            (Some(TokenTree::Ident(word)), None) => {
                let written = word.to_string();
                let known = kind::SIGNALS.map(|known| known.0);
                match kind::SIGNALS.iter().find(|known| known.0 == written) {
                    Some((_, kind)) => self.kind = *kind,
                    None => d.report(
                        &word,
                        option_text::unknown_word("info kind", &written, &known),
                    ),
                }
            }
            _ => d.report(
                &marker.options,
                option_text::not_a_word("info kind", &kind::SIGNALS.map(|known| known.0)),
            ),
        }
    }
}
