//! What handlers return.

use crate::{
    diag::Diag,
    model::{call::Answer, handler::Handler, kind::Kind},
    syntax::{pretty::pretty, types},
    text::{argument as argument_text, signature as text},
};
use syn::{Type, TypeReference};

pub(crate) fn check(handler: &Handler, d: &mut Diag) {
    match (handler.kind(), &handler.options.answer) {
        (Kind::Call, Answer::Returned) => {
            if let Some(ty) = handler.output() {
                check_reply(handler.kind(), ty, d);
            }
        }
        (Kind::Call, Answer::Deferred(_)) if handler.output().is_some() => {
            d.report(&handler.sig.output, text::deferred_returns());
        }
        (Kind::Call, Answer::Spawned(word)) => {
            if let Some(keyword) = &handler.sig.asyncness {
                d.report(keyword, text::async_spawn(handler.name()));
                return;
            }
            match handler.output().map(|ty| (ty, types::future_output(ty))) {
                Some((_, Some(output))) => check_reply(handler.kind(), output, d),
                Some((ty, None)) => d.report(ty, text::spawn_without_future(handler.name())),
                None => d.report(word, text::spawn_without_future(handler.name())),
            }
        }
        (Kind::Status, _) => {
            if let Some(keyword) = &handler.sig.asyncness {
                d.report(keyword, text::async_status());
            }
            if handler.output().is_none() {
                d.report(handler.name(), text::status_returns_nothing());
            }
        }
        // Their return types are checked by traits, whose messages name the type.
        _ => {}
    }
}

/// A reply is owned by whoever gets it.
fn check_reply(kind: Kind, ty: &Type, d: &mut Diag) {
    if let Some(reference) = types::borrow(ty) {
        d.report(reference, text::borrowed_reply(kind, &owned(reference)));
    } else if let Some(rc) = types::rc(ty) {
        d.report(rc, argument_text::not_send(&pretty(rc)));
    } else if let Some(nameless) = types::nameless(ty) {
        d.report(nameless, text::nameless_reply());
    } else {
        types::lifetimes(ty, &mut |lifetime| {
            d.report(lifetime, text::lifetime_in_reply())
        });
    }
}

fn owned(reference: &TypeReference) -> String {
    pretty(types::owned(reference))
}
