//! Everything that can be wrong with a server. A handler with a mistake is marked as broken, so
//! that the rest can be emitted without it.

mod arguments;
mod names;
mod receiver;
mod reply;

use crate::{
    diag::Diag,
    model::{handler::Handler, server::Server},
    text::server as text,
};

pub(crate) fn server(server: &mut Server, d: &mut Diag) {
    for param in server.generics.lifetimes() {
        d.report(&param.lifetime, text::lifetime());
    }
    for handler in &mut server.handlers {
        let before = d.count();
        check(handler, d);
        handler.broken |= d.count() > before;
    }
    names::check(server, d);
}

fn check(handler: &Handler, d: &mut Diag) {
    receiver::check(handler, d);
    arguments::check(handler, d);
    reply::check(handler, d);
    if let Some(timeout) = &handler.options.timeout
        && timeout.is_zero()
    {
        d.report(timeout.tokens(), text::zero_timeout());
    }
}
