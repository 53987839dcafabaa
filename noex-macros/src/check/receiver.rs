//! Qualifiers and receivers of handlers.

use crate::{
    diag::Diag,
    model::{
        handler::{Handler, Role},
        kind::Kind,
    },
    syntax::{pretty::pretty, types},
    text::signature as text,
};
use syn::{FnArg, Pat, PatType, Receiver, ReceiverKind, Safety, Signature, Type};

pub(crate) fn check(handler: &Handler, d: &mut Diag) {
    let sig = &handler.sig;
    if let Some(keyword) = &sig.constness {
        d.report(keyword, text::const_handler());
    }
    if let Safety::Unsafe(keyword) = &sig.safety {
        d.report(keyword, text::unsafe_handler());
    }
    if let Some(abi) = &sig.abi {
        d.report(abi, text::extern_handler());
    }
    if let Some(dots) = &sig.variadic {
        d.report(dots, text::variadic());
    }
    let params = &sig.generics.params;
    let only_lifetimes = params.len() == sig.generics.lifetimes().count();
    // Those of a receiver have a message of their own.
    let borrows = handler
        .fields()
        .any(|field| types::borrow(field.ty()).is_some());
    let names_context = handler.params_of(Role::Context).any(|context| {
        matches!(context.ty(), Type::Reference(lent) if types::named_lifetime(lent).is_some())
    });
    let mut carried = false;
    for field in handler.fields() {
        types::lifetimes(field.ty(), &mut |_| carried = true);
    }
    let is_reported = has_named_lifetime(sig) || borrows || names_context || carried;
    if params.is_empty() || only_lifetimes && is_reported {
        // Nothing is left to say.
    } else if only_lifetimes {
        d.report(&sig.generics, text::lifetime_parameter(&pretty(params)));
    } else {
        d.report(&sig.generics, text::generic(handler.kind()));
    }
    match (sig.inputs.first(), handler.kind()) {
        (Some(FnArg::Receiver(receiver)), Kind::Init) => {
            d.report(receiver, text::init_takes_self(&pretty(receiver)));
        }
        (_, Kind::Init) => {}
        (Some(FnArg::Receiver(receiver)), kind) => check_receiver(receiver, kind, d),
        (Some(FnArg::Typed(first)), kind) if is_called_self(first) => {
            d.report(&first.pat, text::receiver_by_another_name(kind));
        }
        (_, kind) if handler.output().is_some_and(types::is_self) => {
            d.report(&sig.ident, text::builds_the_server(kind, &sig.ident));
        }
        (_, kind) => d.report(&sig.ident, text::no_receiver(kind, &sig.ident)),
    }
}

/// `&'a self`
fn has_named_lifetime(sig: &Signature) -> bool {
    let receiver = sig.receiver().map(|receiver| &receiver.kind);
    matches!(receiver, Some(ReceiverKind::Reference(_, Some(_), _)))
}

fn check_receiver(receiver: &Receiver, kind: Kind, d: &mut Diag) {
    match &receiver.kind {
        ReceiverKind::Reference(_, Some(lifetime), _) => {
            d.report(lifetime, text::receiver_lifetime());
        }
        ReceiverKind::Reference(_, None, Some(_)) if kind == Kind::Status => {
            d.report(receiver, text::wrong_receiver(kind));
        }
        ReceiverKind::Reference(_, None, _) => {}
        ReceiverKind::Value => d.report(receiver, text::self_by_value(kind)),
        _ => d.report(receiver, text::wrong_receiver(kind)),
    }
}

/// `this: &mut S` and the like, in the place of a receiver.
pub(crate) fn is_called_self(first: &PatType) -> bool {
    const NAMES: [&str; 5] = ["this", "state", "self_", "_self", "slf"];
    let Pat::Ident(pat) = &*first.pat else {
        return false;
    };
    let is_reference = matches!(*first.ty, Type::Reference(_));
    is_reference && NAMES.iter().any(|name| pat.ident == name)
}
