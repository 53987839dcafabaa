//! `#[name(..)]`, without a look at what is in the parentheses.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;

pub(crate) struct Attribute {
    /// The first word in the brackets; none in `#[]`.
    pub(crate) name: Option<Ident>,
    /// What is in the parentheses.
    pub(crate) arguments: TokenStream,
    /// What stands behind the name and is no parentheses: `= 4`.
    pub(crate) other: TokenStream,
    /// All of it, the `#` included.
    pub(crate) tokens: TokenStream,
}

impl Attribute {
    /// Whether rustc can read it, too.
    pub(crate) fn is_sound(&self) -> bool {
        let outer = syn::Attribute::parse_outer.parse2(self.tokens.clone());
        outer.is_ok_and(|attributes| attributes.len() == 1)
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.as_ref().is_some_and(|own| own == name)
    }
}

/// The attribute that this text would be.
pub(crate) fn of(text: &str) -> Option<Attribute> {
    let tokens: Vec<TokenTree> = text.parse::<TokenStream>().ok()?.into_iter().collect();
    at(&tokens, 0, false).map(|(attribute, _)| attribute)
}

/// The attribute that begins at `tokens[at]`, and the index after it. `inner` asks for `#![..]`.
pub(crate) fn at(tokens: &[TokenTree], at: usize, inner: bool) -> Option<(Attribute, usize)> {
    let is = |index: usize, char: char| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == char);
    if !is(at, '#') || (inner && !is(at + 1, '!')) {
        return None;
    }
    let group_at = at + 1 + usize::from(inner);
    match tokens.get(group_at) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            let end = group_at + 1;
            Some((attribute(&tokens[at..end], group), end))
        }
        _ => None,
    }
}

fn attribute(tokens: &[TokenTree], brackets: &Group) -> Attribute {
    let mut content = brackets.stream().into_iter();
    let name = match content.next() {
        Some(TokenTree::Ident(name)) => Some(name),
        _ => None,
    };
    let (arguments, other) = match content.next() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            (group.stream(), content.collect())
        }
        token => (
            TokenStream::new(),
            token.into_iter().chain(content).collect(),
        ),
    };
    Attribute {
        name,
        arguments,
        other,
        tokens: tokens.iter().map(ToTokens::to_token_stream).collect(),
    }
}
