//! The code of a tree.

mod info;
mod item;
mod offered;
mod path;
mod plan;

use super::{check::Warning, model::Tree};
use crate::diag::Diag;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

pub(crate) use path::Paths;

/// The whole of it: also on mistakes everything that can be emitted, so that each is reported once.
pub(crate) fn expand(tree: &Tree, warnings: &[Warning], d: Diag) -> TokenStream {
    let sound = d.count() == 0;
    let mistakes = d.into_tokens();
    let warnings = warnings.iter().map(warning);
    let paths = Paths::new(tree.krate.clone());
    match &tree.item {
        Some(item) => {
            let items = item::items(tree, item, &paths, sound);
            quote!(#items #mistakes #(#warnings)*)
        }
        None => {
            let private = paths.private();
            let plan = plan::plan(tree, &paths, sound);
            let krate = paths.krate();
            let mut made = quote!(#private::Plan::spec(#plan));
            if !sound {
                // What stands for a broken part never comes to an end.
                let spec = Ident::new("spec", Span::mixed_site());
                made = quote!(#[allow(unreachable_code)] let #spec = #made; #spec);
            }
            let mut spec = Group::new(Delimiter::Brace, quote!(#mistakes #(#warnings)* #made));
            // Where items are expected, rustc says here what it ignores, and names the macro that it is from.
            spec.set_span(Span::call_site().located_at(tree.at));
            quote!(#krate::__tree_without_struct! { #spec })
        }
    }
}

/// A warning of ours: the use of something deprecated, which is what stable Rust has.
fn warning(warning: &Warning) -> TokenStream {
    let text = &warning.text;
    quote_spanned! {warning.at=>
        const _: () = {
            #[deprecated(note = #text)]
            const fn supervisor() {}
            supervisor()
        };
    }
}
