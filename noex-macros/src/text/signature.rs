//! Messages about the shape of a handler: receiver, qualifiers, return type.

use crate::{diag::Text, model::kind::Kind};
use std::fmt::Display;

/// `server/01_no_receiver`
pub(crate) fn no_receiver(kind: Kind, name: impl Display) -> Text {
    let self_ = receiver(kind);
    Text::new(format!("`{}` needs a receiver", kind.written()))
        .help(format!("write `fn {name}({self_}, ...)`"))
}

/// `misuse/builds_the_server`
pub(crate) fn builds_the_server(kind: Kind, name: impl Display) -> Text {
    Text::new(format!(
        "`{}` needs a receiver, and `{name}` builds a server",
        kind.written()
    ))
    .help("write `#[init]` on the function that builds the server")
}

/// `server/02_named_this`
pub(crate) fn receiver_by_another_name(kind: Kind) -> Text {
    Text::new(format!("`{}` needs a receiver", kind.written()))
        .help(format!("write `{}` instead", receiver(kind)))
}

/// `server/03_self_by_value`
pub(crate) fn self_by_value(kind: Kind) -> Text {
    if kind == Kind::Status {
        return wrong_receiver(kind);
    }
    Text::new("a handler cannot take `self` by value: the server goes on living after the message")
        .help("write `&mut self`; to end the server call `cx.stop(reason)`")
}

/// `server/04_boxed_self`, `server/66_status`
pub(crate) fn wrong_receiver(kind: Kind) -> Text {
    if kind == Kind::Status {
        return Text::new("`#[status]` only looks at the server").help("write `&self`");
    }
    Text::new("a handler takes `&self` or `&mut self`").help("write `&mut self`")
}

fn receiver(kind: Kind) -> &'static str {
    if kind == Kind::Status {
        "&self"
    } else {
        "&mut self"
    }
}

/// `server/05_receiver_lifetime`
pub(crate) fn receiver_lifetime() -> Text {
    Text::new("a handler's receiver cannot have a named lifetime").help("leave it out")
}

/// `server/06_unsafe`
pub(crate) fn unsafe_handler() -> Text {
    Text::new("a handler cannot be `unsafe`")
        .help("the message loop calls it; put the `unsafe` block inside")
}

/// `server/07_extern`
pub(crate) fn extern_handler() -> Text {
    Text::new("a handler cannot be `extern`").help("the message loop calls it, nobody else does")
}

/// `server/08_const`
pub(crate) fn const_handler() -> Text {
    Text::new("a handler cannot be `const`")
        .help("remove `const`; a function without attribute can be")
}

/// `server/09_variadic`
pub(crate) fn variadic() -> Text {
    Text::new("a handler cannot be variadic").help("take a `Vec`")
}

/// `server/10_generic`
pub(crate) fn generic(kind: Kind) -> Text {
    if kind == Kind::Init {
        return Text::new("`#[init]` cannot be generic: a supervisor has to start it again")
            .help("put the parameter on the server, or box the value: `Box<dyn Trait + Send>`");
    }
    Text::new("a handler cannot be generic: one message type has to carry its arguments")
        .help("put the parameter on the server, or box the value: `Box<dyn Trait + Send>`")
}

/// `misuse/names_and_lifetimes`
pub(crate) fn lifetime_parameter(params: &str) -> Text {
    Text::new("a handler names no lifetimes: its arguments and its answer are owned")
        .help(format!("remove `<{params}>`"))
}

/// `misuse/init_in_a_box`
pub(crate) fn wrapped_self(written: &str) -> Text {
    Text::new(format!(
        "a process owns its server: no `{written}` is needed"
    ))
    .help("return `Self`")
}

/// `server/39_init_takes_self`
pub(crate) fn init_takes_self(receiver: &str) -> Text {
    Text::new("`#[init]` builds the server, so it cannot take `self`")
        .help(format!("remove `{receiver}` and return `Self`"))
}

/// `server/66_status`
pub(crate) fn async_status() -> Text {
    Text::new("`#[status]` cannot be `async`: an observer does not wait for it")
        .help("keep what it shows in the state")
}

/// `server/25_deferred_returns`
pub(crate) fn deferred_returns() -> Text {
    Text::new("a deferred call answers through its `Reply`, so it returns nothing")
        .help("remove the return type")
}

/// `server/29_borrowed_reply`
pub(crate) fn borrowed_reply(kind: Kind, owned: &str) -> Text {
    Text::new(format!(
        "a `{}` handler cannot return a borrow of the server's state: the caller is another task",
        kind.written()
    ))
    .help(format!(
        "return an owned `{owned}` (clone it, or keep it in an `Arc`)"
    ))
}

/// `server/30_lifetime_in_reply`
pub(crate) fn lifetime_in_reply() -> Text {
    Text::new("the reply leaves the server, so its type cannot carry a lifetime")
        .help("return owned data")
}

/// `server/31_nameless_reply`
pub(crate) fn nameless_reply(item: Option<&str>) -> Text {
    let text = Text::new("the reply type must have a name");
    match item {
        Some(item) => text.help(format!("collect it: `Vec<{item}>`")),
        None => text.help("box it: `Box<dyn Trait + Send>`"),
    }
}

/// `misuse/spawn_borrows`
pub(crate) fn spawn_borrows(output: &str) -> Text {
    Text::new("the future of a spawned call runs beside the server, so it cannot borrow from it")
        .help(format!(
            "write `impl Future<Output = {output}> + Send + 'static`, and clone what it needs before `async move {{ ... }}`"
        ))
}

/// `misuse/future_of_init`
pub(crate) fn future_of_init(name: impl Display, output: &str) -> Text {
    Text::new("`#[init]` gives the server, not a future of it")
        .help(format!("write `async fn {name}(...) -> {output}`"))
}

/// `misuse/never_returns`
pub(crate) fn never_returns(kind: Kind) -> Text {
    let what = if kind == Kind::Init {
        "a server that is never built handles no message"
    } else {
        "a handler that never returns keeps its server from every other message"
    };
    Text::new(what).help("let it return; to end the server call `cx.stop(reason)`")
}

/// `misuse/future_as_reply`
pub(crate) fn future_reply(name: impl Display, output: &str) -> Text {
    Text::new("a caller gets the answer, not a future of it").help(format!(
        "write `async fn {name}(...) -> {output}`, or `#[call(spawn)]` to run the future beside the server"
    ))
}

/// `server/32_spawn`
pub(crate) fn async_spawn(name: impl Display) -> Text {
    Text::new("a spawned call is no `async fn`: its future would borrow the server").help(format!(
        "write `fn {name}(&self, ...) -> impl Future<Output = T> + Send + 'static \
         {{ async move {{ ... }} }}`"
    ))
}

/// `server/32_spawn`
pub(crate) fn spawn_without_future(name: impl Display) -> Text {
    Text::new("a spawned call returns the future that answers it").help(format!(
        "write `fn {name}(&self, ...) -> impl Future<Output = T> + Send + 'static`"
    ))
}

/// `server/66_status`
pub(crate) fn status_returns_nothing() -> Text {
    Text::new("`#[status]` returns what an observer shows of the state")
        .help("write `-> impl Serialize`")
}
