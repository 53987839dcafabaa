//! Paths into noex and the types of children.

use super::super::model::{Child, Kind, Restart, Strategy};
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote;

/// Spells paths that begin at noex, wherever the user has it.
pub(crate) struct Paths {
    krate: TokenStream,
}

impl Paths {
    pub(crate) fn new(krate: TokenStream) -> Self {
        Self { krate }
    }

    pub(crate) fn krate(&self) -> &TokenStream {
        &self.krate
    }

    pub(crate) fn private(&self) -> TokenStream {
        let krate = &self.krate;
        quote!(#krate::__private)
    }

    pub(crate) fn supervisor(&self) -> TokenStream {
        let krate = &self.krate;
        quote!(#krate::supervisor)
    }

    pub(crate) fn strategy(&self, strategy: Strategy) -> TokenStream {
        let krate = &self.krate;
        let variant = match strategy {
            Strategy::OneForOne => quote!(OneForOne),
            Strategy::OneForAll => quote!(OneForAll),
            Strategy::RestForOne => quote!(RestForOne),
        };
        quote!(#krate::supervisor::Strategy::#variant)
    }

    pub(crate) fn restart(&self, restart: Restart) -> TokenStream {
        let krate = &self.krate;
        let variant = match restart {
            Restart::Permanent => quote!(Permanent),
            Restart::Transient => quote!(Transient),
            Restart::Temporary => quote!(Temporary),
        };
        quote!(#krate::supervisor::Restart::#variant)
    }

    /// What a child runs, as a type; nothing when that is not known.
    pub(crate) fn server(&self, child: &Child) -> Option<TokenStream> {
        let krate = &self.krate;
        match &child.kind {
            Kind::Server { path, .. } => Some(path.clone()),
            Kind::Task { .. } => Some(located(quote!(#krate::Task), child.name.span())),
            Kind::Tree(inner) => Some(match &inner.ty {
                Some(ty) => quote!(#ty),
                None => located(quote!(#krate::supervisor::Supervisor), child.name.span()),
            }),
            Kind::Spec { .. } | Kind::Unknown => None,
        }
    }

    /// The type of a ref to a child.
    pub(crate) fn reference(&self, child: &Child) -> Option<TokenStream> {
        if let Kind::Spec { ty, .. } = &child.kind {
            return Some(ty.clone());
        }
        let server = self.server(child)?;
        let krate = &self.krate;
        let at = super::super::span(&server);
        Some(located(quote!(#krate::Ref<#server>), at))
    }

    /// The type of a child, such that one that is no server is a type that says nothing more: the
    /// type of its ref has said it.
    pub(crate) fn sound(&self, server: &TokenStream) -> TokenStream {
        let krate = &self.krate;
        let at = super::super::span(server);
        located(quote!(#krate::__private::Sound<#server>), at)
    }
}

/// The same tokens, seen at `at`: errors point there, and names mean what they meant.
pub(crate) fn located(tokens: TokenStream, at: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| {
            let mut token = match token {
                TokenTree::Group(group) => {
                    let stream = located(group.stream(), at);
                    TokenTree::Group(Group::new(group.delimiter(), stream))
                }
                token => token,
            };
            token.set_span(token.span().located_at(at));
            token
        })
        .collect()
}
