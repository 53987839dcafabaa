//! Everything that can be wrong with a server. A handler with a mistake is marked as broken, so
//! that the rest can be emitted without it.

mod arguments;
mod beside;
mod generics;
mod names;
mod receiver;
mod reply;
pub(crate) mod second;

use crate::{
    diag::Diag,
    model::{
        handler::Handler,
        kind::{self, Kind},
        server::Server,
    },
    syntax::{block::ImplBlock, types},
    text::server as text,
};
use syn::Ident;

/// Looks also at what is printed of the block, to go on with what was meant.
pub(crate) fn block(server: &mut Server, block: &mut ImplBlock, d: &mut Diag) {
    beside::check(server, block, d);
    generics::drop_unused(server, block, d);
    self::server(server, d);
    server.excuse(block);
}

fn server(server: &mut Server, d: &mut Diag) {
    for param in server.generics.lifetimes() {
        d.report(&param.lifetime, text::lifetime());
    }
    if server.generics.lifetimes().next().is_none() {
        types::lifetimes(&server.self_ty, &mut |lifetime| {
            d.report(lifetime, text::lifetime());
        });
    }
    generics::check(&mut server.generics, d);
    if server.handlers.is_empty() {
        for function in &server.functions {
            if let Some(attribute) = kind::of_callback(&function.to_string()) {
                d.report(function, text::no_attribute(function, attribute));
            }
        }
    }
    for handler in &mut server.handlers {
        let before = d.count();
        if !handler.guessed {
            check(handler, &server.ident, d);
        }
        handler.broken |= d.count() > before || handler.has_twins();
    }
    names::check(server, d);
    check_api(server, d);
    let is_idle = |handler: &Handler| handler.kind() == Kind::Idle;
    if let Some(idle) = server.options.given("idle")
        && !server.handlers.iter().any(is_idle)
    {
        d.report(idle, text::idle_without_handler());
    }
}

/// A trait without methods is of no use to anybody.
fn check_api(server: &Server, d: &mut Diag) {
    let mut on_ref = server
        .handlers
        .iter()
        .filter(|handler| handler.kind().is_on_ref());
    if let Some(api) = &server.options.api
        && let Some(first) = on_ref.clone().next()
        && on_ref.all(Handler::is_private)
    {
        d.report(api, text::empty_api(api, first.name()));
    }
}

fn check(handler: &Handler, server: &Ident, d: &mut Diag) {
    receiver::check(handler, d);
    arguments::check(handler, server, d);
    reply::check(handler, d);
    if let Some(timeout) = &handler.options.timeout
        && timeout.is_zero()
    {
        d.report(timeout.tokens(), text::zero_timeout());
    }
}
