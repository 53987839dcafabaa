//! The tree as data.

use super::super::model::{Child, Kind, Level};
use super::path::Paths;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

/// An expression of type `TreeInfo`.
pub(crate) fn info(name: &str, level: &Level, paths: &Paths) -> TokenStream {
    let supervisor = paths.supervisor();
    let private = paths.private();
    let strategy = paths.strategy(level.options.strategy);
    let children = level.children.iter().map(|child| self::child(child, paths));
    quote! {
        #supervisor::TreeInfo {
            name: #name,
            strategy: #strategy,
            children: #private::list([#(#children),*]),
        }
    }
}

fn child(child: &Child, paths: &Paths) -> TokenStream {
    let supervisor = paths.supervisor();
    let private = paths.private();
    let (id, ty) = (child.id(), child.runs());
    let restart = option(child.options.restart.map(|restart| paths.restart(restart)));
    let needs = child.needs.iter().map(|need| need.name.unraw().to_string());
    let nested = option(match &child.kind {
        Kind::Tree(inner) => Some(info(&id, inner, paths)),
        _ => None,
    });
    quote! {
        #supervisor::ChildInfo {
            id: #id,
            ty: #ty,
            restart: #restart,
            needs: #private::list([#(#needs),*]),
            tree: #nested,
        }
    }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(::core::option::Option::Some(#tokens)),
        None => quote!(::core::option::Option::None),
    }
}
