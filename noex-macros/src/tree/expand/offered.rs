//! What an editor offers where an argument is being typed.

use super::super::model::{Kind, Level};
use super::path::Paths;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;

/// The names that arguments may begin to spell: those of all children, though a child takes only those before it. But a name
/// that is called, as in `clock: task(clock())`, is a function's.
pub(crate) fn offered(
    root: &Level,
    paths: &Paths,
    slot: &Ident,
    arms: &[TokenStream],
) -> TokenStream {
    let (krate, private) = (paths.krate(), paths.private());
    let mut called = BTreeSet::new();
    for arm in arms {
        self::called(arm.clone(), &mut called);
    }
    let mut names = TokenStream::new();
    let mut levels = vec![root];
    while let Some(level) = levels.pop() {
        for child in &level.children {
            let name = &child.name;
            if let Some(ty) = paths.reference(child)
                && !called.contains(&name.to_string())
            {
                names.extend(quote! {
                    #[allow(unused_variables)]
                    let #name: #ty = #private::sibling(#slot, 0, 0, 0);
                });
            }
            if let Kind::Tree(inner) = &child.kind {
                levels.push(inner);
            }
        }
    }
    quote!(#krate::__in_editor! { #names })
}

/// The names in front of parentheses.
fn called(tokens: TokenStream, names: &mut BTreeSet<String>) {
    let mut before = None;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            if group.delimiter() == Delimiter::Parenthesis {
                names.extend(before.take());
            }
            called(group.stream(), names);
        }
        before = match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        };
    }
}
