//! The server's `Options` as a constant expression.

use crate::model::options::Value;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path};

/// `Options { mailbox: 256, ..base }`, or the base alone when nothing is said.
pub(crate) fn expand(k: &Path, values: &[(Ident, Value)], base: &TokenStream) -> TokenStream {
    if values.is_empty() {
        return base.clone();
    }
    let fields = values.iter().map(|(key, value)| {
        let value = expression(k, value);
        quote!(#key: #value,)
    });
    quote!(#k::Options { #(#fields)* ..#base })
}

fn expression(k: &Path, value: &Value) -> TokenStream {
    let variant = |name: &str, variant: &str| {
        let span = proc_macro2::Span::call_site();
        let (name, variant) = (Ident::new(name, span), Ident::new(variant, span));
        quote!(#k::#name::#variant)
    };
    match value {
        Value::Variant(name, word) => variant(name, word),
        Value::Constant(name) => variant("Options", name),
        Value::Length(length) => length.tokens(),
        Value::After(length) => {
            let length = length.tokens();
            quote!(#k::Shutdown::After(#length))
        }
        Value::SomeLength(length) => {
            let length = length.tokens();
            quote!(::core::option::Option::Some(#length))
        }
        Value::Switch(on) => quote!(#on),
        Value::Expr(tokens) => tokens.clone(),
        Value::SomeExpr(tokens) => quote!(::core::option::Option::Some(#tokens)),
    }
}
