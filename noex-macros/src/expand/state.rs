//! The half on the struct: its options, as an inherent constant.
//!
//! An inherent constant shadows the constant of a blanket trait, so the half on the `impl` block
//! finds these options if they exist, in whatever order and module the two stand.

use crate::{
    expand::{options, scope::quiet},
    model::options::{ServerOptions, krate},
    syntax::place::{before, up_to},
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;

pub(crate) fn expand(item: &TokenStream, given: ServerOptions) -> TokenStream {
    // rustc says what is wrong with a type that cannot be read.
    let Ok(input) = syn::parse2::<DeriveInput>(item.clone()) else {
        return TokenStream::new();
    };
    // The half on the `impl` block refuses a type that borrows.
    if input.generics.lifetimes().next().is_some() {
        return TokenStream::new();
    }
    let k = krate(given.krate);
    let name = &input.ident;
    let cfgs: Vec<_> = input
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .collect();
    let (params, names, bounds) = input.generics.split_for_impl();
    let value = options::expand(&k, &given.values, &quote!(#k::Options::DEFAULT));
    let quiet = quiet();
    // Parameters have bounds in the impl that are not known here.
    let check = input.generics.params.is_empty().then(|| {
        let at = name.span();
        let check = up_to(at, quote_spanned!(before(at)=> is_server::<#name>()));
        quote! {
            #(#cfgs)* const _: () = { const fn is_server<T: #k::GenServer>() {} #check };
        }
    });
    quote! {
        #(#cfgs)* #quiet
        impl #params #name #names #bounds {
            #[doc(hidden)]
            pub const __NOEX_OPTIONS: #k::Options = #value;
        }
        #check
    }
}
