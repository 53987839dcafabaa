//! Which half of a server an attribute stands on: the struct or the `impl` block.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

pub(crate) enum Half {
    State,
    Impl,
    /// Something that is no half of a server, with its keyword if there is one.
    Other(Option<Ident>),
}

const ITEMS: [&str; 12] = [
    "struct",
    "enum",
    "impl",
    "fn",
    "trait",
    "mod",
    "union",
    "type",
    "const",
    "static",
    "use",
    "macro_rules",
];

/// The item itself, when it comes from a `macro_rules!` as `$item:item` and so is wrapped.
pub(crate) fn unwrapped(item: TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            unwrapped(group.stream())
        }
        _ => item,
    }
}

/// Looks for the first keyword after attributes and visibility; these are in groups of their own,
/// except for the words `pub`, `unsafe`, `async` and `extern`.
pub(crate) fn of(item: &TokenStream) -> Half {
    let keyword = item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if ITEMS.iter().any(|item| word == item) => Some(word),
        _ => None,
    });
    match keyword {
        Some(word) if word == "struct" || word == "enum" => Half::State,
        Some(word) if word == "impl" => Half::Impl,
        other => Half::Other(other),
    }
}
