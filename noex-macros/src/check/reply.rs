//! What handlers return.

use crate::{
    diag::Diag,
    model::{call::Answer, handler::Handler, kind::Kind},
    syntax::{mend, pretty::pretty, types},
    text::{argument as argument_text, server as server_text, signature as text},
};
use syn::Type;

pub(crate) fn check(handler: &Handler, d: &mut Diag) {
    if let Some(never @ Type::Never(_)) = handler.output() {
        d.report(never, text::never_returns(handler.kind()));
        return;
    }
    if let Some(raw) = &handler.options.raw {
        let answer = match &handler.options.answer {
            Answer::Returned => handler.output(),
            Answer::Spawned(_) => handler.output().and_then(types::future_output),
            Answer::Deferred(_) => None,
        };
        if answer.and_then(types::result).is_none() {
            d.report(raw, server_text::raw_without_result());
        }
    }
    match (handler.kind(), &handler.options.answer) {
        (Kind::Init, _) => {
            if let Some(wrapped) = handler.output().and_then(types::wrapped_self)
                && types::future_output(wrapped).is_none()
            {
                d.report(wrapped, text::wrapped_self(&pretty(wrapped)));
            } else if let Some(ty) = handler.output()
                && let Some(output) = types::future_output(ty)
                && !handler.is_async()
            {
                d.report(ty, text::future_of_init(handler.name(), &pretty(output)));
            }
        }
        (Kind::Call, Answer::Returned) => {
            if let Some(ty) = handler.output() {
                match (ty, types::future_output(ty)) {
                    (Type::ImplTrait(_), Some(output)) if !handler.is_async() => {
                        d.report(ty, text::future_reply(handler.name(), &pretty(output)));
                    }
                    _ => check_reply(handler.kind(), ty, d),
                }
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
                Some((ty, Some(output))) => {
                    check_reply(handler.kind(), output, d);
                    if let Type::ImplTrait(future) = ty
                        && !types::is_static(future)
                    {
                        d.report(ty, text::spawn_borrows(&pretty(output)));
                    }
                }
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
        let owned = pretty(mend::mended(ty));
        d.report(reference, text::borrowed_reply(kind, &owned));
    } else if let Some(part) = mend::unsendable(ty) {
        d.report(part, argument_text::not_send(part));
    } else if let Some(nameless) = types::nameless(ty) {
        let item = types::iterator_item(nameless).map(pretty);
        d.report(nameless, text::nameless_reply(item.as_deref()));
    } else {
        types::lifetimes(ty, &mut |lifetime| {
            d.report(lifetime, text::lifetime_in_reply())
        });
    }
}
