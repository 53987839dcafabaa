//! What all parts of an expansion have in common: names, generics, paths.

use crate::{
    model::{options::krate, server::Server},
    syntax::place::{before, up_to},
};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Path, Type, TypeParam, spanned::Spanned};

pub(crate) struct Scope<'a> {
    pub(crate) server: &'a Server,
    /// The path of the noex crate.
    pub(crate) k: Path,
    pub(crate) message: Ident,
    pub(crate) step: Ident,
    pub(crate) reference: Ident,
    /// `<K: Ord, const N: usize>`
    pub(crate) params: TokenStream,
    /// `<K, N>`
    pub(crate) names: TokenStream,
    pub(crate) bounds: TokenStream,
    /// `#[cfg]` of the whole block.
    pub(crate) cfgs: TokenStream,
    /// Keeps lints away from generated types: they would only show what nobody can change.
    pub(crate) quiet: TokenStream,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        let (params, _, bounds) = server.generics.split_for_impl();
        let names = server
            .generics
            .params
            .iter()
            .map(name_of)
            .collect::<Vec<_>>();
        let names = (!names.is_empty()).then(|| quote!(<#(#names),*>));
        let cfgs = &server.cfgs;
        Self {
            server,
            k: krate(server.options.krate.clone()),
            message: server.message.clone(),
            step: server.step.clone(),
            reference: server.reference.clone(),
            params: owned_self(params.into_token_stream(), &server.self_ty),
            names: names.unwrap_or_default(),
            bounds: owned_self(bounds.into_token_stream(), &server.self_ty),
            cfgs: quote!(#(#cfgs)*),
            quiet: quiet_type(),
        }
    }

    pub(crate) fn self_ty(&self) -> &Type {
        &self.server.self_ty
    }

    pub(crate) fn type_params(&self) -> impl Iterator<Item = &TypeParam> {
        self.server.generics.type_params()
    }

    /// A type of the user's, fit to stand outside the `impl` block.
    pub(crate) fn outside(&self, ty: impl ToTokens) -> TokenStream {
        owned_self(ty.into_token_stream(), &self.server.self_ty)
    }

    /// `Sent<T>`, seen where the type is written.
    pub(crate) fn sent(&self, ty: &Type) -> TokenStream {
        let at = ty.span();
        let (sent, ty) = (self.private_at(at, "Sent"), self.outside(ty));
        up_to(here(at), quote_spanned!(before(here(at))=> #sent<#ty>))
    }

    /// A path to something that noex has for generated code, seen at `at`.
    pub(crate) fn private_at(&self, at: Span, name: &str) -> TokenStream {
        let k = self.k.to_token_stream().into_iter().map(|mut token| {
            token.set_span(before(token.span().located_at(at)));
            token
        });
        let k = k.collect::<TokenStream>();
        let name = Ident::new(name, before(here(at)));
        quote_spanned!(before(here(at))=> #k::__private::#name)
    }

    pub(crate) fn logs_calls(&self) -> bool {
        self.server.options.log_calls
    }

    /// A marker that uses all type parameters; nothing when there are none.
    pub(crate) fn phantom(&self) -> Option<TokenStream> {
        let types: Vec<_> = self.type_params().map(|param| &param.ident).collect();
        (!types.is_empty()).then(|| quote!(::core::marker::PhantomData<(#(fn() -> #types,)*)>))
    }
}

/// Our own names are looked up where the macro is defined, so that no name of the user's,
/// such as an argument, can be mistaken for them.
pub(crate) fn own(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// Generated, and seen at `at`: there the compiler says what is wrong with it.
pub(crate) fn here(at: Span) -> Span {
    Span::call_site().located_at(at)
}

fn name_of(param: &GenericParam) -> TokenStream {
    match param {
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
    }
}

/// `Self` means something else inside the generated types, so it is replaced by the server.
fn owned_self(tokens: TokenStream, server: &Type) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut out = TokenStream::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "Self" => {
                let is_path = matches!(
                    tokens.peek(),
                    Some(TokenTree::Punct(punct)) if punct.as_char() == ':'
                );
                out.extend(if is_path {
                    quote!(<#server>)
                } else {
                    server.to_token_stream()
                });
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), owned_self(group.stream(), server));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            other => out.extend([other]),
        }
    }
    out
}

/// Keeps lints away from generated functions.
pub(crate) fn quiet() -> TokenStream {
    quote! {
        #[allow(
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction,
            rustdoc::all,
            unused,
            deprecated,
            missing_docs,
            nonstandard_style,
            non_local_definitions,
            private_bounds,
            private_interfaces,
            unreachable_pub
        )]
    }
}

/// Keeps lints away from generated types.
fn quiet_type() -> TokenStream {
    quote! {
        #[allow(
            clippy::all,
            clippy::pedantic,
            clippy::restriction,
            rustdoc::all,
            dead_code,
            deprecated,
            missing_copy_implementations,
            missing_debug_implementations,
            missing_docs,
            nonstandard_style,
            private_bounds,
            private_interfaces,
            unnameable_types,
            unreachable_pub
        )]
    }
}
