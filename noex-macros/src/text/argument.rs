//! Messages about the parameters of a handler.

use crate::{
    diag::Text,
    model::kind::Kind,
    syntax::{mend, pretty::pretty},
};
use std::fmt::Display;
use syn::Type;

/// `server/15_borrowed_argument`
pub(crate) fn borrowed(kind: Kind, owned: &str) -> Text {
    let why = if kind == Kind::Init {
        "the server outlives its caller's frame"
    } else {
        "the message outlives the caller's frame"
    };
    Text::new(format!(
        "a `{}` argument cannot borrow: {why}",
        kind.written()
    ))
    .help(format!("take `{owned}`"))
}

/// `misuse/elsewhere`
pub(crate) fn state_argument() -> Text {
    Text::new("the state of a server is `self`, it is no argument")
        .help("remove it, and write `&mut self`")
}

/// `misuse/without_size`
pub(crate) fn without_size(written: &str, owned: &str, is_reply: bool) -> Text {
    let (what, verb) = if is_reply {
        ("a reply", "return")
    } else {
        ("an argument", "take")
    };
    Text::new(format!(
        "`{written}` has no size of its own, so it cannot be {what}"
    ))
    .help(format!("{verb} `{owned}`"))
}

/// `server/16_impl_trait_argument`
pub(crate) fn nameless(kind: Kind) -> Text {
    let what = if kind == Kind::Init {
        "`impl Trait` has no name to keep for a restart"
    } else {
        "`impl Trait` has no name to put in a message"
    };
    Text::new(what).help("name the type, or box it: `Box<dyn Trait + Send>`")
}

/// `server/17_pattern_argument`
pub(crate) fn pattern(kind: Kind) -> Text {
    let why = if kind == Kind::Init {
        "it becomes a parameter of `start`"
    } else {
        "it becomes a field of the message"
    };
    Text::new(format!("an argument needs a plain name: {why}"))
        .help("take it by name and take it apart in the body")
}

/// `server/17_pattern_argument`
pub(crate) fn wild(kind: Kind) -> Text {
    let why = if kind == Kind::Init {
        "it becomes a parameter of `start`"
    } else {
        "it becomes a field of the message"
    };
    Text::new(format!("an argument needs a name: {why}")).help("name it, as in `_value`")
}

/// `server/18_lifetime_argument`
pub(crate) fn lifetime() -> Text {
    Text::new("a message lives on its own, so its types cannot carry a lifetime")
        .help("own the data, or use `'static`")
}

/// `server/19_inferred_argument`
pub(crate) fn inferred() -> Text {
    Text::new("the type of a message field must be written out").help("name the type")
}

/// `server/17_pattern_argument`
pub(crate) fn conditional() -> Text {
    Text::new("an argument of a handler cannot depend on `cfg`")
        .help("write the method twice, each with its own `#[cfg(...)]`")
}

/// `server/20_context_by_value`
pub(crate) fn context_by_value() -> Text {
    Text::new("the context is lent, not given").help("write `&mut Ctx<Self>`")
}

/// `server/20_context_by_value`
pub(crate) fn shared_context() -> Text {
    Text::new("an `async` handler has the context to itself").help("write `&mut Ctx<Self>`")
}

/// `misuse/context`
pub(crate) fn context_of_nobody() -> Text {
    Text::new("a context is that of a server").help("write `&mut Ctx<Self>`")
}

/// `misuse/context`
pub(crate) fn context_lifetime() -> Text {
    Text::new("the context is lent for the time of the handler").help("write `&mut Ctx<Self>`")
}

/// `misuse/context`
pub(crate) fn context_of_another(written: &str) -> Text {
    Text::new(format!("`{written}` is the context of another server"))
        .help("write `&mut Ctx<Self>`")
}

/// `misuse/context`
pub(crate) fn context_by_another_name(written: &str) -> Text {
    Text::new(format!("`{written}` is not the context of a handler")).help("write `&mut Ctx<Self>`")
}

/// `misuse/wrapped_reply`
pub(crate) fn wrapped_reply(reply: &str) -> Text {
    Text::new("a deferred call owns its reply").help(format!("write `{reply}`"))
}

/// `misuse/signals`
pub(crate) fn reason_by_value() -> Text {
    Text::new("the exit reason is lent, not given").help("write `&ExitReason`")
}

/// `misuse/signals`
pub(crate) fn borrowed_signal(kind: Kind) -> Text {
    let ty = if kind == Kind::Down { "Down" } else { "Exit" };
    Text::new("the handler owns what it is told").help(format!("write `{ty}`"))
}

/// `misuse/signals`
pub(crate) fn other_reason() -> Text {
    Text::new("`#[terminate]` is told the exit reason").help("write `&ExitReason`")
}

/// `server/21_context_twice`
pub(crate) fn context_twice() -> Text {
    Text::new("a handler takes the context once").help("remove one of them")
}

/// `server/66_status`
pub(crate) fn context_of_status() -> Text {
    Text::new("`#[status]` has no context: it only looks at the server").help("remove the argument")
}

/// `server/22_rc`, `misuse/unsendable`
pub(crate) fn not_send(part: &Type) -> Text {
    let text = Text::new(format!("`{}` cannot be sent between threads", pretty(part)));
    if let Type::Ptr(_) = part {
        return text.help("send what it points to, in an `Arc` if it is shared");
    }
    text.help(format!("use `{}`", pretty(mend::mended(part))))
}

/// `server/23_reply_not_deferred`
pub(crate) fn reply_not_deferred() -> Text {
    Text::new("this call takes a `Reply` but is not deferred").help("write `#[call(deferred)]`")
}

/// `server/24_deferred_without_reply`
pub(crate) fn deferred_without_reply(name: impl Display) -> Text {
    Text::new("a deferred call needs somewhere to send its answer").help(format!(
        "add a last argument: `fn {name}(&mut self, ..., reply: Reply<T>)`"
    ))
}

/// `server/26_info_arguments`
pub(crate) fn info_takes_one(name: impl Display) -> Text {
    Text::new("an `#[info]` handler takes one message")
        .help(format!("write `fn {name}(&mut self, message: MyMessage)`"))
}

/// `server/26_info_arguments`
pub(crate) fn signal_takes_one(kind: Kind, name: impl Display) -> Text {
    let (what, ty) = if kind == Kind::Down {
        ("down", "Down")
    } else {
        ("exit", "Exit")
    };
    Text::new(format!("an `#[info({what})]` handler takes what happened"))
        .help(format!("write `fn {name}(&mut self, {what}: {ty})`"))
}

/// `server/26_info_arguments`
pub(crate) fn takes_none(kind: Kind, name: impl Display) -> Text {
    let receiver = if kind == Kind::Status {
        "&self"
    } else {
        "&mut self"
    };
    Text::new(format!("`{}` takes no message", kind.written()))
        .help(format!("write `fn {name}({receiver})`"))
}

/// `server/26_info_arguments`
pub(crate) fn terminate_takes_reason(name: impl Display) -> Text {
    Text::new("`#[terminate]` takes nothing but the reason and the context").help(format!(
        "write `fn {name}(&mut self, why: &ExitReason, cx: &mut Ctx<Self>)`"
    ))
}
