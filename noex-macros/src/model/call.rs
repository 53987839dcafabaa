//! The options of one handler's attribute.

use crate::{
    diag::{Diag, did_you_mean},
    model::{attributes::Marker, kind, kind::Kind},
    syntax::{duration::Length, options},
    text::server as text,
};
use proc_macro2::Ident;

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

const CALL: [&str; 6] = ["timeout", "deferred", "spawn", "raw", "always", "name"];

pub(crate) struct HandlerOptions {
    pub(crate) kind: Kind,
    /// The attribute's name.
    pub(crate) attribute: Ident,
    /// The attribute says something else than `kind`, nobody knows what.
    pub(crate) unknown: bool,
    /// The name of the ref's method, when it differs from the handler's.
    pub(crate) rename: Option<Ident>,
    pub(crate) timeout: Option<Length>,
    pub(crate) answer: Answer,
    /// A `Result` goes to the caller as it is.
    pub(crate) raw: Option<Ident>,
    /// Runs also when nobody waits for the answer any more.
    pub(crate) always: bool,
}

impl HandlerOptions {
    pub(crate) fn read(marker: &Marker, d: &mut Diag) -> Self {
        let mut out = Self {
            kind: marker.kind,
            attribute: marker.name.clone(),
            unknown: false,
            rename: None,
            timeout: None,
            answer: Answer::Returned,
            raw: None,
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
            Kind::Call => &CALL,
            Kind::Cast => &["name"],
            _ => &[],
        };
        for opt in options::read(marker.options.clone(), d) {
            let key = opt.key.to_string();
            if self.kind == Kind::Cast && CALL.contains(&key.as_str()) && key != "name" {
                d.report(&opt.key, text::option_of_call(&key));
                continue;
            }
            if self.kind == Kind::Init && key == "timeout" {
                d.report(&opt.key, text::timeout_of_init(&opt.written()));
                continue;
            }
            if self.kind == Kind::Terminate && key == "timeout" {
                d.report(&opt.key, text::timeout_of_terminate(&opt.written()));
                continue;
            }
            let mut key = key.as_str();
            if !known.contains(&key) {
                opt.unknown(&format!("`{}` option", self.kind.written()), known, d);
                // Who meant one of these has written the handler for it.
                match did_you_mean(key, known) {
                    Some(meant @ ("deferred" | "spawn")) => key = meant,
                    _ => continue,
                }
            }
            match key {
                "name" => self.rename = opt.name("other_name", d),
                "timeout" => self.timeout = opt.duration(d),
                "raw" => self.raw = opt.switch(d).then_some(opt.key),
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
        if marker.options.is_empty() {
            return;
        }
        if let Ok(ty) = syn::parse2::<Ident>(marker.options.clone())
            && ty.to_string().starts_with(char::is_uppercase)
        {
            d.report(&ty, text::info_of_type(&ty));
            self.unknown = true;
            return;
        }
        match options::word(&marker.options, "info kind", &kind::SIGNALS, d) {
            Some(kind) => self.kind = kind,
            // What it takes cannot be judged; the word is mistake enough.
            None => self.unknown = true,
        }
    }
}
