//! Names that clash with each other or with what the macro generates.

use crate::{
    diag::Diag,
    model::{handler::Handler, kind::Kind, server::Server},
    syntax::pretty::pretty,
    text::server as text,
};

/// The functions that every server gets.
pub(crate) const GENERATED: [&str; 5] = ["start", "start_as", "start_link", "child_spec", "named"];

pub(crate) fn check(server: &mut Server, d: &mut Diag) {
    check_reserved(server, d);
    for i in 0..server.handlers.len() {
        let (earlier, rest) = server.handlers.split_at_mut(i);
        let handler = &mut rest[0];
        let before = d.count();
        check_underscores(handler, d);
        // Conditions can make sure that only one of two exists.
        if handler.cfgs.is_empty() {
            let mut rivals = earlier.iter().filter(|rival| rival.cfgs.is_empty());
            rivals.any(|rival| clash(rival, handler, d));
        }
        handler.broken |= d.count() > before;
    }
}

fn check_reserved(server: &mut Server, d: &mut Diag) {
    for function in &server.functions {
        let name = function.to_string();
        if !GENERATED.contains(&name.as_str()) {
            continue;
        }
        let mut handlers = server.handlers.iter_mut();
        let handler = handlers.find(|handler| handler.name() == function);
        let on_ref = handler
            .as_ref()
            .is_some_and(|handler| handler.kind().is_on_ref());
        d.report(function, text::reserved(&name, on_ref));
        if let Some(handler) = handler {
            handler.broken = true;
        }
    }
}

fn check_underscores(handler: &Handler, d: &mut Diag) {
    let mut names = [handler.name(), handler.ref_name()].into_iter();
    if let Some(name) = names.find(|name| name.to_string().starts_with("__")) {
        d.report(name, text::underscores());
    }
}

/// Reports what `second` has in common with `first` although only one can have it.
fn clash(first: &Handler, second: &mut Handler, d: &mut Diag) -> bool {
    let before = d.count();
    let (one, two) = (first.kind(), second.kind());
    if first.options.unknown || second.options.unknown {
        return false;
    }
    if one == two && one.is_single() {
        d.report(second.name(), text::single_twice(one, first.name()));
        return true;
    }
    // Two functions of one name are an error of rustc's.
    if first.name() == second.name() {
        second.broken = true;
        second.shadowed = true;
        return true;
    }
    let same_enum = one.has_fields() && two.has_fields() && one.is_message() == two.is_message();
    if same_enum && first.variant() == second.variant() {
        let variant = first.variant().to_string();
        let text = text::same_variant(first.name(), second.name(), &variant);
        d.report(second.name(), text);
    } else if one.is_on_ref() && two.is_on_ref() && first.ref_name() == second.ref_name() {
        d.report(second.ref_name(), text::same_ref_method(second.ref_name()));
        second.shadowed = true;
    }
    if one == Kind::Info
        && two == Kind::Info
        && let (Some(a), Some(b)) = (first.fields().next(), second.fields().next())
        && pretty(a.ty()) == pretty(b.ty())
    {
        d.report(b.ty(), text::info_twice(&pretty(b.ty())));
    }
    d.count() > before
}
