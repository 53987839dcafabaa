//! What messages carry crosses threads. That it may is asked once, of each type where the user wrote it; a type that may not
//! is then one error, and not one for each part of the expansion.
//!
//! A constant asks, and the type of the messages depends on it. Where it does not compile, that type is an error that the
//! compiler knows to be reported, and so is all that is made of it.

use crate::{
    expand::{
        reply::ReplyType,
        scope::{Scope, here, own},
    },
    model::{handler::Handler, kind::Kind},
    syntax::{mend, parameters},
};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;
use syn::{Type, spanned::Spanned};

pub(crate) struct Carried {
    /// The constant that asks, where there is anything to ask.
    pub(crate) question: Option<TokenStream>,
}

impl Carried {
    /// `ty`, if all that is carried may be.
    pub(crate) fn or_error(&self, ty: TokenStream, scope: &Scope<'_>) -> TokenStream {
        if self.question.is_none() {
            return ty;
        }
        let (k, sendable) = (&scope.k, name());
        quote!(<[(); #sendable] as #k::__private::Given<#ty>>::It)
    }
}

pub(crate) fn expand(scope: &Scope<'_>) -> Carried {
    let sound = scope.server.sound();
    let carriers = sound.filter(|handler| {
        let kind = handler.kind();
        kind.is_message() || kind == Kind::Continuation
    });
    let mut known = BTreeSet::new();
    let asked = carriers.flat_map(|handler| {
        let types = carried_by(handler, scope).into_iter();
        types.filter_map(move |ty| ask(handler, ty, scope))
    });
    let asked: Vec<_> = asked
        .filter(|question| known.insert(question.to_string()))
        .collect();
    let name = name();
    let question = quote!(const #name: usize = 0 #(+ #asked)*;);
    Carried {
        question: (!asked.is_empty()).then_some(question),
    }
}

/// Asks it of a type, if syntax does not show that it may cross threads. Of a type that mentions a parameter of the
/// server, the constant knows nothing.
fn ask(handler: &Handler, ty: TokenStream, scope: &Scope<'_>) -> Option<TokenStream> {
    if mentions_parameter(&ty, scope) {
        return None;
    }
    let (k, cfgs) = (&scope.k, &handler.cfgs);
    let ty: Type = syn::parse2(ty).ok()?;
    // Seen at the type.
    let argument = quote_spanned!(here(ty.span())=> ::<#ty>);
    (!mend::is_plain(&ty)).then(|| {
        // In a constant of its own: of one function's errors about, say, `Rc<u8>`, the compiler shows only the first.
        quote!({
            #(#cfgs)*
            const __IT: () = { #k::__private::in_message #argument; };
            #(#cfgs)*
            __IT;
            0
        })
    })
}

fn name() -> Ident {
    own("__SENDABLE")
}

fn carried_by(handler: &Handler, scope: &Scope<'_>) -> Vec<TokenStream> {
    let fields = handler.fields().map(|field| scope.outside(field.ty()));
    let reply = (handler.kind() == Kind::Call).then(|| ReplyType::of(handler, scope).types());
    fields.chain(reply.into_iter().flatten()).collect()
}

fn mentions_parameter(ty: &TokenStream, scope: &Scope<'_>) -> bool {
    let mut params = scope.server.generics.params.iter();
    params.any(|param| parameters::mentions(ty, &parameters::name(param)))
}
