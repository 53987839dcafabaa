//! The parameters of handlers.

use crate::{
    check::receiver::is_called_self,
    diag::Diag,
    model::{
        call::Answer,
        handler::{Handler, Param, Role},
        kind::Kind,
    },
    syntax::{mend, pretty::pretty, types},
    text::{argument as text, server as server_text},
};
use syn::{FnArg, Ident, Pat, Type};

pub(crate) fn check(handler: &Handler, server: &Ident, d: &mut Diag) {
    // A parameter in the place of the receiver has its own message already.
    let stand_in = match handler.sig.inputs.first() {
        Some(FnArg::Typed(first)) => handler.kind() != Kind::Init && is_called_self(first),
        _ => false,
    };
    let mut has_context = false;
    for param in handler.params.iter().skip(usize::from(stand_in)) {
        check_attributes(param, d);
        match param.role {
            Role::Field => check_field(handler.kind(), param, d),
            Role::Context if handler.kind() == Kind::Status => {
                d.report(param.ty(), text::context_of_status());
            }
            Role::Context => {
                match param.ty() {
                    Type::Reference(lent) if lent.mutability.is_none() && handler.is_async() => {
                        d.report(lent, text::shared_context());
                    }
                    Type::Reference(lent) if types::named_lifetime(lent).is_some() => {
                        d.report(&lent.lifetime, text::context_lifetime());
                    }
                    Type::Reference(_) => {}
                    other => d.report(other, text::context_by_value()),
                }
                let written = types::behind_reference(param.ty());
                if !types::is_named(written, "Ctx") {
                    d.report(param.ty(), text::context_by_another_name(&pretty(written)));
                } else if is_of_another(written, server) {
                    d.report(param.ty(), text::context_of_another(&pretty(written)));
                }
                if std::mem::replace(&mut has_context, true) {
                    d.report(param.ty(), text::context_twice());
                }
            }
            Role::Signal => check_signal(handler, param.ty(), d),
            Role::Reply => {
                if let Some(reply) = types::wrapped_reply(param.ty()) {
                    d.report(param.ty(), text::wrapped_reply(&pretty(reply)));
                }
            }
        }
    }
    if !stand_in && !handler.options.unknown {
        check_count(handler, handler.fields().count(), d);
    }
    check_reply(handler, d);
}

/// `Ctx<Other>`
fn is_of_another(context: &Type, server: &Ident) -> bool {
    let of = types::type_arguments_of(context);
    let of = of.first().and_then(|of| types::last_segment(of));
    of.is_some_and(|of| of.ident != "Self" && of.ident != *server)
}

fn check_signal(handler: &Handler, ty: &Type, d: &mut Diag) {
    let kind = handler.kind();
    if is_none_told(kind, ty) {
        let text = match kind {
            Kind::Terminate => text::other_reason(),
            _ => text::signal_takes_one(kind, handler.name()),
        };
        d.report(ty, text);
        return;
    }
    match ty {
        Type::Reference(lent) if kind != Kind::Terminate => {
            d.report(lent, text::borrowed_signal(kind));
        }
        Type::Reference(lent) if lent.mutability.is_some() => {
            d.report(lent, text::reason_by_value());
        }
        Type::Reference(_) => {}
        given if kind == Kind::Terminate => d.report(given, text::reason_by_value()),
        _ => {}
    }
}

/// Whether this is certainly not what the runtime tells such a handler; a name that is not known may be an alias.
fn is_none_told(kind: Kind, ty: &Type) -> bool {
    let told = match kind {
        Kind::Down => "Down",
        Kind::Exit => "Exit",
        _ => "ExitReason",
    };
    let ty = types::behind_reference(ty);
    let known = ["Down", "Exit", "ExitReason", "Pid"];
    let is_known = known.iter().any(|known| types::is_named(ty, known));
    !types::is_named(ty, told) && (is_known || mend::is_plain(ty) || types::is_foreign(ty))
}

fn check_attributes(param: &Param, d: &mut Diag) {
    for attr in &param.arg.attrs {
        if attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr") {
            d.report(attr, text::conditional());
        }
    }
}

fn check_field(kind: Kind, param: &Param, d: &mut Diag) {
    match &param.name {
        None => match &*param.arg.pat {
            Pat::Wild(wild) => d.report(wild, text::wild(kind)),
            // What it takes a reference off has a message of its own.
            Pat::Reference(_) if types::borrow(param.ty()).is_some() => {}
            pattern => d.report(pattern, text::pattern(kind)),
        },
        Some(name) if name == "__reply" || name == "__caller" => {
            d.report(name, server_text::underscores())
        }
        Some(_) => {}
    }
    let ty = param.ty();
    if types::mentions(ty, "Ctx") {
        d.report(ty, text::context_by_value());
        return;
    }
    if let Type::Reference(reference) = ty
        && reference.mutability.is_some()
        && param.name.as_ref().is_some_and(|name| name == "state")
    {
        d.report(&param.arg, text::state_argument());
        return;
    }
    if let Some(reference) = types::borrow(ty) {
        let owned = pretty(mend::owned(reference));
        d.report(reference, text::borrowed(kind, &owned));
        return;
    }
    if let Some(part) = mend::unsendable(ty) {
        d.report(part, text::not_send(part));
        return;
    }
    match types::nameless(ty) {
        Some(Type::Infer(_)) => d.report(ty, text::inferred()),
        Some(nameless) => d.report(nameless, text::nameless(kind)),
        None => types::lifetimes(ty, &mut |lifetime| d.report(lifetime, text::lifetime())),
    }
}

fn check_count(handler: &Handler, fields: usize, d: &mut Diag) {
    let (kind, name) = (handler.kind(), handler.name());
    match kind {
        Kind::Info if fields != 1 => d.report(name, text::info_takes_one(name)),
        Kind::Down | Kind::Exit
            if fields > 0 || handler.params_of(Role::Signal).next().is_none() =>
        {
            d.report(name, text::signal_takes_one(kind, name));
        }
        Kind::Idle | Kind::Status if fields > 0 => d.report(name, text::takes_none(kind, name)),
        Kind::Terminate if fields > 0 => d.report(name, text::terminate_takes_reason(name)),
        _ => {}
    }
}

/// A `Reply` goes with `deferred`, and the other way round.
fn check_reply(handler: &Handler, d: &mut Diag) {
    if handler.kind() != Kind::Call {
        return;
    }
    if let Answer::Deferred(word) = &handler.options.answer {
        if handler.params_of(Role::Reply).next().is_none() {
            d.report(word, text::deferred_without_reply(handler.name()));
        }
        return;
    }
    let is_reply = |param: &&Param| {
        !matches!(param.ty(), Type::Reference(_)) && types::is_named(param.ty(), "Reply")
    };
    if let Some(reply) = handler.fields().find(is_reply) {
        d.report(&reply.arg.pat, text::reply_not_deferred());
    }
}
