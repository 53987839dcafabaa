//! The parameters of a generic type, and where they are spoken of.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::GenericParam;

/// The name of a parameter.
pub(crate) fn name(param: &GenericParam) -> Ident {
    match param {
        GenericParam::Type(param) => param.ident.clone(),
        GenericParam::Const(param) => param.ident.clone(),
        GenericParam::Lifetime(param) => param.lifetime.ident.clone(),
    }
}

/// Whether this word is anywhere in the tokens.
pub(crate) fn mentions(tokens: &impl ToTokens, word: &Ident) -> bool {
    fn any(tokens: TokenStream, word: &Ident) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(found) => found == *word,
            TokenTree::Group(group) => any(group.stream(), word),
            _ => false,
        })
    }
    any(tokens.to_token_stream(), word)
}
