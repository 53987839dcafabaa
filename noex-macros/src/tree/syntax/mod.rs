//! Tokens to a tree. Whatever is wrong in one entry costs no other entry.

mod arguments;
mod attribute;
mod child;
mod entry;
mod foreign;
mod header;
mod intensity;
mod many;
mod options;
mod server;

use super::model::{Level, Tree, TreeOptions};
use crate::diag::Diag;
pub(crate) use arguments::count;
use attribute::Attribute;
pub(crate) use intensity::meant as meant_intensity;
pub(crate) use options::meant_count;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// Reads one `supervisor!`, in either form.
pub(crate) fn read(input: TokenStream, d: &mut Diag) -> Tree {
    let mut tokens: Vec<TokenTree> = input.into_iter().collect();
    // The `macro_rules!` in front of us says where noex is: `[$crate]`.
    let mut krate = quote!(::noex);
    if let Some(TokenTree::Group(group)) = tokens.first()
        && group.delimiter() == Delimiter::Bracket
    {
        krate = group.stream();
        tokens.remove(0);
    }
    if let Some(name) = header::lacks_struct(&tokens) {
        let word = Ident::new("struct", tokens[name].span());
        let header = tokens[name..].iter().filter(|token| !matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace));
        let header = crate::syntax::pretty::pretty(TokenStream::from_iter(header.cloned()));
        d.report(&tokens[name], crate::text::header::lacks_struct(&header));
        tokens.insert(name, TokenTree::Ident(word));
    }
    let at = tokens.first().map_or_else(Span::call_site, TokenTree::span);
    let (item, outer, body) = match header::find(&tokens, d) {
        Some(keyword) => {
            let (item, outer, body) = header::read(tokens, keyword, d);
            (Some(item), outer, body)
        }
        None => (None, Vec::new(), tokens.into_iter().collect()),
    };
    let (level, other_crate) = level(&outer, body, d);
    Tree {
        krate: other_crate.unwrap_or(krate),
        item,
        at,
        root: level,
    }
}

/// Reads the children of one supervisor, and its options: `outer` are the attributes before it.
/// What comes back beside it is the `crate` option.
fn level(outer: &[Attribute], body: TokenStream, d: &mut Diag) -> (Level, Option<TokenStream>) {
    let (inner, entries) = entry::split(body);
    for attribute in inner.iter().filter(|attribute| !attribute.is("tree")) {
        d.report(&attribute.tokens, crate::text::tree::inner_attribute());
    }
    let mut options = TreeOptions::default();
    let other_crate = options::tree(outer.iter().chain(&inner), &mut options, d);
    let children = entries
        .into_iter()
        .filter_map(|entry| child::read(entry, d))
        .collect();
    let level = Level {
        ty: None,
        options,
        children,
    };
    (level, other_crate)
}
