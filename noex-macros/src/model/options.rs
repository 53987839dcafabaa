//! The options of `#[gen_server]`.

use crate::{
    diag::Diag,
    syntax::{duration::Length, half::Half, options, options::Opt},
    text::server as text,
};
use proc_macro2::TokenStream;
use syn::{Ident, Lit, Path};

/// The value of one field of `noex::Options`.
#[derive(Clone)]
pub(crate) enum Value {
    /// A variant of an enum of noex, such as `Restart::Transient`.
    Variant(&'static str, &'static str),
    /// A constant of `Options`.
    Constant(&'static str),
    Length(Length),
    /// `Shutdown::After(..)`
    After(Length),
    SomeLength(Length),
    Switch(bool),
    Expr(TokenStream),
    SomeExpr(TokenStream),
}

/// What an attribute says about the server.
#[derive(Default)]
pub(crate) struct ServerOptions {
    /// The path of the noex crate, if it has another name.
    pub(crate) krate: Option<Path>,
    /// The name of the message enum.
    pub(crate) message: Option<Ident>,
    /// The name of a trait to emit for test doubles.
    pub(crate) api: Option<Ident>,
    /// A span for each call.
    pub(crate) log_calls: bool,
    /// Show the expansion.
    pub(crate) print: Option<Ident>,
    /// Fields of `noex::Options` and their values.
    pub(crate) values: Vec<(Ident, Value)>,
}

const KNOWN: [&str; 17] = [
    "mailbox",
    "overflow",
    "call_timeout",
    "init_timeout",
    "restart",
    "shutdown",
    "idle",
    "trap_exit",
    "inline",
    "stuck",
    "name",
    "timing",
    "log_calls",
    "api",
    "message",
    "crate",
    "print",
];

pub(crate) const RESTARTS: [(&str, &str); 3] = [
    ("permanent", "Permanent"),
    ("transient", "Transient"),
    ("temporary", "Temporary"),
];
const OVERFLOWS: [(&str, &str); 2] = [("reject", "Reject"), ("drop_oldest", "DropOldest")];
const INLINES: [(&str, &str); 3] = [("auto", "Auto"), ("always", "Always"), ("never", "Never")];
const STUCKS: [(&str, &str); 3] = [("wait", "Wait"), ("abandon", "Abandon"), ("abort", "Abort")];

impl ServerOptions {
    /// The key of an option, if it is given.
    pub(crate) fn given(&self, option: &str) -> Option<&Ident> {
        let mut keys = self.values.iter().map(|(key, _)| key);
        keys.find(|key| *key == option)
    }

    /// How long callers wait, if it is given.
    pub(crate) fn call_timeout(&self) -> Option<&Length> {
        self.values.iter().find_map(|(key, value)| match value {
            Value::Length(length) if key == "call_timeout" => Some(length),
            _ => None,
        })
    }

    pub(crate) fn read(tokens: TokenStream, half: &Half, d: &mut Diag) -> Self {
        let mut out = Self::default();
        for opt in options::read(tokens, d) {
            match opt.key.to_string().as_str() {
                "crate" => out.krate = opt.parse("::noex", d),
                key @ ("api" | "message" | "log_calls" | "print")
                    if matches!(half, Half::State) =>
                {
                    d.report(&opt.key, text::only_on_impl(key, &opt.written()));
                }
                "message" => out.message = opt.name("MyMessage", d),
                "api" => out.api = opt.name("MyApi", d),
                "log_calls" => out.log_calls = opt.switch(d),
                "print" => {
                    opt.bare(d);
                    out.print = Some(opt.key);
                }
                _ => {
                    if let Some(value) = value(&opt, d) {
                        out.values.push((opt.key, value));
                    }
                }
            }
        }
        out
    }
}

/// The path of the noex crate.
pub(crate) fn krate(path: Option<Path>) -> Path {
    path.unwrap_or_else(|| syn::parse_quote!(::noex))
}

fn value(opt: &Opt, d: &mut Diag) -> Option<Value> {
    let mut variant = |what, name, known: &[(&str, &'static str)]| {
        let word = opt.word(what, known, d)?;
        Some(Value::Variant(name, word))
    };
    match opt.key.to_string().as_str() {
        "restart" => variant("restart type", "Restart", &RESTARTS),
        "overflow" => variant("overflow policy", "Overflow", &OVERFLOWS),
        "inline" => variant("inline mode", "Inline", &INLINES),
        "stuck" => variant("policy for stuck servers", "Stuck", &STUCKS),
        "on_restart" => {
            d.report(&opt.key, text::no_on_restart());
            None
        }
        "call_timeout" => {
            let length = opt.duration(d)?;
            if length.is_zero() {
                d.report(&opt.value, text::zero_call_timeout());
            }
            Some(Value::Length(length))
        }
        "init_timeout" => {
            let length = opt.duration(d)?;
            if length.is_zero() {
                d.report(&opt.value, text::zero_init_timeout());
            }
            Some(Value::Length(length))
        }
        "idle" => {
            let length = opt.duration(d)?;
            if length.is_zero() {
                d.report(&opt.value, text::zero_idle());
            }
            Some(Value::SomeLength(length))
        }
        "trap_exit" | "timing" => Some(Value::Switch(opt.switch(d))),
        "mailbox" => mailbox(opt, d),
        "shutdown" => shutdown(opt, d),
        "name" => {
            let value = opt.expr("\"my_server\"", d)?;
            // The name of a constant is in capitals.
            if is_word(value) {
                d.report(value, text::unquoted_name(&value.to_string()));
                return None;
            }
            Some(Value::SomeExpr(value.clone()))
        }
        "strategy" | "intensity" | "auto_shutdown" => {
            d.report(
                &opt.key,
                text::option_of_tree(&opt.key.to_string(), &opt.written()),
            );
            None
        }
        "max_restarts" => {
            d.report(
                &opt.key,
                text::option_of_tree("max_restarts", "intensity = 3 in 5s"),
            );
            None
        }
        _ => {
            opt.unknown("`#[gen_server]` option", &KNOWN, d);
            None
        }
    }
}

fn mailbox(opt: &Opt, d: &mut Diag) -> Option<Value> {
    let value = opt.expr("1024", d)?;
    match value.to_string().as_str() {
        "unbounded" => Some(Value::Constant("UNBOUNDED")),
        "0" | "0usize" => {
            d.report(value, text::zero_mailbox());
            None
        }
        _ if is_word(value) => {
            d.report(value, text::mailbox_word(&value.to_string()));
            None
        }
        // Any other literal is a number of another type, or none.
        written if is_other_literal(written) => {
            d.report(value, text::mailbox_word(written));
            None
        }
        _ if opt.is_negative() => {
            d.report(value, text::negative_mailbox());
            None
        }
        _ => Some(Value::Expr(value.clone())),
    }
}

/// `"big"`, `1.5` or `5k`.
fn is_other_literal(written: &str) -> bool {
    match syn::parse_str::<Lit>(written) {
        Ok(Lit::Int(number)) => !["", "usize"].contains(&number.suffix()),
        Ok(_) => true,
        Err(_) => false,
    }
}

/// `5s`, `brutal_kill` or `infinity`.
fn shutdown(opt: &Opt, d: &mut Diag) -> Option<Value> {
    const WORDS: [(&str, &str); 2] = [("brutal_kill", "BrutalKill"), ("infinity", "Infinity")];
    let value = opt.value("5s", d)?;
    if is_word(value) {
        let word = opt.word("shutdown", &WORDS, d)?;
        return Some(Value::Variant("Shutdown", word));
    }
    opt.duration(d).map(Value::After)
}

/// A lower-case word is a word of ours; a constant's name is upper-case.
fn is_word(value: &TokenStream) -> bool {
    let written = value.to_string();
    !written.is_empty() && written.chars().all(|c| c == '_' || c.is_lowercase())
}
