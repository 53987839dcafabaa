//! Paths into noex and the types of children.

use super::super::model::{Child, Kind, Restart, Route, Strategy};
use super::super::span;
use crate::syntax::place::{before, up_to};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

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

    /// For [`up_to`]: what is quoted is seen at `at`, but is not the user's. It has the hygiene of
    /// the path to noex, because where the two differ a path has no place but that of the whole macro.
    pub(crate) fn all(&self, at: Span) -> Span {
        span(&self.krate).located_at(at)
    }

    /// For `quote_spanned!`: the place in front of it.
    pub(crate) fn here(&self, at: Span) -> Span {
        before(self.all(at))
    }

    /// The path to noex, seen there.
    pub(crate) fn krate_at(&self, at: Span) -> TokenStream {
        let tokens = self.krate.clone().into_iter().map(|mut token| {
            token.set_span(before(token.span().located_at(at)));
            token
        });
        tokens.collect()
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
            Strategy::Dependents => quote!(Dependents),
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
        let at = child.name.span();
        let (here, krate) = (self.here(at), self.krate_at(at));
        match &child.kind {
            Kind::Server { path, .. } => Some(path.clone()),
            Kind::Pool { path, .. } | Kind::Dynamic { path, .. } => Some(self.many(child, path)),
            Kind::Task { .. } => Some(up_to(self.all(at), quote_spanned!(here=> #krate::Task))),
            Kind::Tree(inner) => Some(match &inner.ty {
                Some(ty) => quote!(#ty),
                None => up_to(
                    self.all(at),
                    quote_spanned!(here=> #krate::supervisor::Supervisor),
                ),
            }),
            Kind::Spec { .. } | Kind::Unknown => None,
        }
    }

    /// The type of a pool or dynamic supervisor of these servers.
    fn many(&self, child: &Child, server: &TokenStream) -> TokenStream {
        let at = span(server);
        let (all, here, krate) = (self.all(at), self.here(at), self.krate_at(at));
        match &child.kind {
            Kind::Dynamic { .. } => up_to(
                all,
                quote_spanned!(here=> #krate::supervisor::Dynamic<#server>),
            ),
            Kind::Pool { options, .. } if options.route == Route::ByKey => up_to(
                all,
                quote_spanned!(here=> #krate::supervisor::Partitions<#server>),
            ),
            _ => up_to(
                all,
                quote_spanned!(here=> #krate::supervisor::Pool<#server>),
            ),
        }
    }

    /// The type of a ref to a child.
    pub(crate) fn reference(&self, child: &Child) -> Option<TokenStream> {
        if let Kind::Spec { ty, .. } = &child.kind {
            return Some(ty.clone());
        }
        let server = self.server(child)?;
        // These are refs to themselves.
        if let Kind::Pool { .. } | Kind::Dynamic { .. } = child.kind {
            return Some(server);
        }
        let at = span(&server);
        let (here, krate) = (self.here(at), self.krate_at(at));
        Some(up_to(
            self.all(at),
            quote_spanned!(here=> #krate::Ref<#server>),
        ))
    }

    /// The type of a child, such that one that is no server is a type that says nothing more: the
    /// type of its ref has said it.
    pub(crate) fn sound(&self, server: &TokenStream) -> TokenStream {
        let at = span(server);
        let (here, krate) = (self.here(at), self.krate_at(at));
        up_to(
            self.all(at),
            quote_spanned!(here=> #krate::__private::Sound<#server>),
        )
    }
}
