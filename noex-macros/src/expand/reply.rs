//! The type of a call's reply.

use crate::{
    expand::scope::Scope,
    model::{
        call::Answer,
        handler::{Handler, Role},
    },
    syntax::{mend, types},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{PathSegment, Type};

pub(crate) struct ReplyType {
    ok: TokenStream,
    /// The handler's own error; without one it cannot fail.
    err: Option<TokenStream>,
    /// The handler's value is a `Result`, whose error becomes the caller's `CallError::Failed`.
    pub(crate) fallible: bool,
}

impl ReplyType {
    pub(crate) fn of(handler: &Handler, scope: &Scope<'_>) -> Self {
        let returned = match &handler.options.answer {
            Answer::Returned => match handler.output() {
                // A mistake reported already, as is the next.
                Some(Type::Never(_)) => None,
                Some(ty @ Type::ImplTrait(_)) => types::future_output(ty).or(Some(ty)),
                other => other,
            },
            Answer::Spawned(_) => handler.output().and_then(types::future_output),
            Answer::Deferred(_) => {
                let reply = handler.params_of(Role::Reply).next();
                return reply.map_or_else(Self::nothing, |reply| Self::slot(reply.ty(), scope));
            }
        };
        let Some(ty) = returned else {
            return Self::nothing();
        };
        match types::result(ty) {
            Some(segment) if handler.options.raw.is_none() => Self::result(ty, segment, scope),
            _ => Self::plain(owned(ty, scope)),
        }
    }

    /// The arguments of `Reply` and the last ones of `Call`: `u64` or `u64, TooBig`.
    pub(crate) fn arguments(&self) -> TokenStream {
        let ok = &self.ok;
        let err = self.err.as_ref().map(|err| quote!(, #err));
        quote!(#ok #err)
    }

    /// The reply, and the error if there is one.
    pub(crate) fn types(self) -> impl Iterator<Item = TokenStream> {
        std::iter::once(self.ok).chain(self.err)
    }

    /// What a caller gets: `Result<u64, CallError<TooBig>>`.
    pub(crate) fn outcome(&self, scope: &Scope<'_>) -> TokenStream {
        let (k, ok) = (&scope.k, &self.ok);
        let err = self.err.as_ref().map(|err| quote!(<#err>));
        quote!(::core::result::Result<#ok, #k::CallError #err>)
    }

    fn plain(ok: TokenStream) -> Self {
        Self {
            ok,
            err: None,
            fallible: false,
        }
    }

    fn nothing() -> Self {
        Self::plain(quote!(()))
    }

    /// `Result<T, E>` as it is written; an alias such as `io::Result<T>` through a trait.
    fn result(ty: &Type, segment: &PathSegment, scope: &Scope<'_>) -> Self {
        let (ok, err) = match types::type_arguments(segment).as_slice() {
            [ok, err] => (owned(ok, scope), owned(err, scope)),
            _ => projected(ty, &quote!(ResultLike), scope),
        };
        Self {
            ok,
            err: Some(err),
            fallible: true,
        }
    }

    /// The same for the `Reply<T, E>` of a deferred call.
    fn slot(ty: &Type, scope: &Scope<'_>) -> Self {
        let ty = types::wrapped_reply(ty).unwrap_or(ty);
        let segment = types::last_segment(ty).filter(|segment| segment.ident == "Reply");
        let (ok, err) = match segment.map(types::type_arguments).as_deref() {
            Some([ok]) => return Self::plain(scope.outside(ok)),
            Some([ok, err]) => (scope.outside(ok), scope.outside(err)),
            _ => projected(ty, &quote!(ReplySlot), scope),
        };
        Self {
            ok,
            err: Some(err),
            fallible: false,
        }
    }
}

/// The two types of an alias, found through a trait.
fn projected(ty: &Type, of: &TokenStream, scope: &Scope<'_>) -> (TokenStream, TokenStream) {
    let k = &scope.k;
    let ty = scope.outside(ty);
    let of = quote!(<#ty as #k::__private::#of>);
    (quote!(#of::Ok), quote!(#of::Err))
}

/// The type, or for one that cannot be a reply (a mistake reported already) one that can: so callers are shown only that
/// mistake.
fn owned(ty: &Type, scope: &Scope<'_>) -> TokenStream {
    if types::borrow(ty).is_some() || mend::unsendable(ty).is_some() {
        scope.outside(mend::mended(ty))
    } else {
        scope.outside(ty)
    }
}
