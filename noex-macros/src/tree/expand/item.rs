//! The types of a tree: one for itself, one for each tree inside it.

use super::super::model::{Child, Item, Kind, Level, Tree};
use super::super::span;
use super::path::Paths;
use super::{super::drawing, info, plan};
use crate::syntax::place::before;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

pub(crate) fn items(tree: &Tree, item: &Item, paths: &Paths, sound: bool) -> TokenStream {
    let Item {
        attributes,
        cfgs,
        vis,
        name,
        ..
    } = item;
    let id = name.unraw().to_string();
    let doc = documentation(item, &tree.root);
    let declared = declare(quote!(#attributes #doc), item, name, paths);
    let accessors = accessors(&tree.root, vis, paths);
    let krate = paths.krate();
    let private = paths.private();
    let supervisor = paths.supervisor();
    let plan = plan::plan(tree, paths, sound);
    let info = info::info(&id, &tree.root, paths);
    let (names, types): (Vec<_>, Vec<_>) = item
        .parameters
        .iter()
        .map(|parameter| (&parameter.name, &parameter.ty))
        .unzip();
    let nested = nested(&tree.root, &id, item, paths);
    let at = before(name.span());
    let [start, child_spec, shape] =
        ["start", "child_spec", "tree"].map(|function| Ident::new(function, at));
    let quiet = quiet();
    // Texts that repeat what is written come last: an editor that completes a word there counts on its being in the same place
    // of the expansion as before, and knows nothing of texts.
    quote! {
        #cfgs
        #quiet
        impl #name {
            /// Starts the tree, first child first; awaited, it gives the running tree.
            ///
            /// When a child cannot start, those before it are stopped again and nothing is left.
            #vis fn #start(#(#names: #types),*) -> #krate::Start<Self> {
                #private::Plan::start(Self::__noex_plan(#(#names),*))
            }
            /// The tree as a child of another supervisor.
            #vis fn #child_spec(#(#names: #types),*) -> #krate::ChildSpec {
                #private::Plan::child_spec::<Self>(Self::__noex_plan(#(#names),*), #id)
            }
            #accessors
            #[doc(hidden)]
            #[allow(unreachable_code)]
            fn __noex_plan(#(#names: #types),*) -> #private::Plan {
                #plan
            }
            /// The shape of the tree.
            #vis fn #shape() -> #supervisor::TreeInfo {
                #info
            }
        }
        #declared
        #nested
    }
}

/// Lints about what the user did not write.
fn quiet() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            unreachable_pub,
            clippy::must_use_candidate,
            clippy::needless_pass_by_value,
            clippy::used_underscore_binding
        )]
    }
}

/// The struct and what every tree implements.
fn declare(attributes: TokenStream, item: &Item, name: &Ident, paths: &Paths) -> TokenStream {
    let Item { cfgs, vis, .. } = item;
    let krate = paths.krate();
    let supervisor = paths.supervisor();
    quote! {
        #attributes
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #name(#supervisor::TreeHandle);
        #cfgs
        #[automatically_derived]
        impl ::core::ops::Deref for #name {
            type Target = #supervisor::TreeHandle;
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
        #cfgs
        #[automatically_derived]
        #[doc(hidden)]
        impl ::core::convert::From<#krate::Target> for #name {
            fn from(target: #krate::Target) -> Self {
                Self(::core::convert::From::from(target))
            }
        }
        #cfgs
        #[automatically_derived]
        impl #krate::Child for #name {
            type Ref = Self;
        }
    }
}

/// The types of the trees inside `level`, which `outer` calls its own.
fn nested(level: &Level, outer: &str, item: &Item, paths: &Paths) -> TokenStream {
    let mut out = TokenStream::new();
    for child in &level.children {
        let Kind::Tree(inner) = &child.kind else {
            continue;
        };
        let Some(ty) = &inner.ty else {
            continue;
        };
        let (cfgs, vis) = (&item.cfgs, &item.vis);
        let doc = format!(
            "The part `{}` of [`{outer}`].\n\n{}",
            child.id(),
            fenced(&child.id(), inner)
        );
        out.extend(declare(quote!(#cfgs #[doc = #doc]), item, ty, paths));
        let accessors = accessors(inner, vis, paths);
        let quiet = quiet();
        out.extend(quote! {
            #cfgs
            #quiet
            impl #ty {
                #accessors
            }
        });
        out.extend(nested(inner, &ty.to_string(), item, paths));
    }
    out
}

fn accessors(level: &Level, vis: &TokenStream, paths: &Paths) -> TokenStream {
    let of = level.children.len();
    let children = level.children.iter().enumerate();
    children
        .map(|(index, child)| accessor(child, vis, index, of, paths))
        .collect()
}

fn accessor(
    child: &Child,
    vis: &TokenStream,
    index: usize,
    of: usize,
    paths: &Paths,
) -> TokenStream {
    let private = paths.private();
    let Child {
        attributes, name, ..
    } = child;
    let at = name.span();
    // A child that is not even a type still has an accessor, so that its users need no error.
    let (ty, body) = match paths.reference(child) {
        Some(ty) => {
            let below = match &child.kind {
                // What is written for a spec may be the type of no ref.
                Kind::Spec { ty, .. } => {
                    let (here, krate) = (paths.here(span(ty)), paths.krate_at(span(ty)));
                    quote_spanned!(here=> #krate::__private::below)
                }
                _ => quote!(#private::below),
            };
            (ty, quote!(#below(&self.0, #index, #of)))
        }
        None => (quote_spanned!(at=> !), quote!(::core::unreachable!())),
    };
    let doc = match &child.kind {
        Kind::Tree(_) => format!("The tree `{}` inside this one.", child.id()),
        Kind::Pool { .. } => format!("The pool `{}`.", child.id()),
        Kind::Dynamic { .. } => format!("The dynamic supervisor `{}`.", child.id()),
        _ => format!(
            "The child `{}`: whichever incarnation of it runs.",
            child.id()
        ),
    };
    let doc = if documented(attributes) {
        format!("\n\n{doc}")
    } else {
        doc
    };
    quote! {
        #attributes
        #[doc = #doc]
        #[allow(private_interfaces)]
        #vis fn #name(&self) -> #ty {
            #body
        }
    }
}

fn documented(attributes: &TokenStream) -> bool {
    attributes.to_string().contains("[doc")
}

fn documentation(item: &Item, root: &Level) -> TokenStream {
    let id = item.name.unraw().to_string();
    let drawing = fenced(&id, root);
    let doc = if documented(&item.attributes) {
        format!("\n\n{drawing}")
    } else {
        format!("The supervision tree `{id}`.\n\n{drawing}")
    };
    quote!(#[doc = #doc])
}

fn fenced(name: &str, level: &Level) -> String {
    format!("```text\n{}```", drawing::draw(name, level))
}
