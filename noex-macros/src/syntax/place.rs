//! Places of generated tokens that are not what is written there.
//!
//! The compiler points at the place of a token, so much of what is generated for a word of the user's is placed at that word.
//! An editor takes all that is placed exactly at a word for what the word means: it shows their documentation, and offers their
//! definitions. So only what does mean the same is placed there, such as the ref's method at the name of its handler. The rest
//! begins where the word begins and ends where it ends, but no token of it covers the word.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

/// The empty place in front of `at`.
pub(crate) fn before(at: Span) -> Span {
    edge(at, proc_macro::Span::start)
}

/// The empty place behind `at`.
fn behind(at: Span) -> Span {
    edge(at, proc_macro::Span::end)
}

fn edge(at: Span, of: fn(&proc_macro::Span) -> proc_macro::Span) -> Span {
    if proc_macro::is_available() {
        return of(&at.unwrap()).into();
    }
    // In unit tests nothing smaller can be had than the first character.
    let mut group =
        proc_macro2::Group::new(proc_macro2::Delimiter::Parenthesis, TokenStream::new());
    group.set_span(at);
    group.span_open()
}

/// Lets the tokens, which begin [`before`] `at`, end with it: so the compiler shows all of it. A group at the end covers it.
pub(crate) fn up_to(at: Span, tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    match tokens.last_mut() {
        Some(TokenTree::Group(group)) => group.set_span(at),
        Some(last) => last.set_span(behind(at)),
        None => {}
    }
    tokens.into_iter().collect()
}

/// `function(arguments)`, where the function's path begins [`before`] `at`. Both are shown as all of it.
pub(crate) fn call(at: Span, function: TokenStream, arguments: TokenStream) -> TokenStream {
    let function = up_to(at, function);
    up_to(at, quote!(#function(#arguments)))
}
