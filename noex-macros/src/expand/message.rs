//! The enums: what a server can be sent, and the steps that it takes by itself.

use crate::{
    expand::{reply::ReplyType, scope::Scope},
    model::{handler::Handler, kind::Kind},
    syntax::block,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let ident = &scope.server.ident;
    let messages = scope
        .server
        .sound()
        .filter(|handler| handler.kind().is_message());
    let steps = scope
        .server
        .sound()
        .filter(|handler| handler.kind() == Kind::Continuation);
    let messages = enumeration(
        scope,
        &scope.message,
        &format!("What a [`{ident}`] can be sent."),
        messages,
    );
    let steps = scope.server.has_steps().then(|| {
        let doc = format!("The steps that a [`{ident}`] takes before its next message.");
        enumeration(scope, &scope.step, &doc, steps)
    });
    quote!(#messages #steps)
}

fn enumeration<'h>(
    scope: &Scope<'_>,
    name: &Ident,
    doc: &str,
    handlers: impl Iterator<Item = &'h Handler>,
) -> TokenStream {
    let Scope {
        params,
        bounds,
        cfgs,
        quiet,
        ..
    } = scope;
    let variants = handlers.map(|handler| variant(scope, handler));
    let params = block::visible(params.clone());
    // Uses the parameters that no argument mentions, and can never be made.
    let never = scope
        .phantom()
        .map(|phantom| quote!(#[doc(hidden)] __Never(::core::convert::Infallible, #phantom),));
    quote! {
        #cfgs #[doc = #doc] #quiet
        pub enum #name #params #bounds { #(#variants)* #never }
    }
}

fn variant(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let k = &scope.k;
    let (docs, cfgs, name) = (&handler.docs, &handler.cfgs, handler.variant());
    let fields = handler.fields().map(|field| {
        let (docs, name, ty) = (&field.docs, &field.name, scope.outside(field.ty()));
        quote!(#(#docs)* #name: #ty,)
    });
    let reply = (handler.kind() == Kind::Call).then(|| {
        let reply = ReplyType::of(handler, scope).arguments();
        let caller = scope
            .logs_calls()
            .then(|| quote!(#[doc(hidden)] __caller: #k::__private::Span,));
        quote!(#caller #[doc(hidden)] __reply: #k::Reply<#reply>)
    });
    quote!(#(#docs)* #(#cfgs)* #name { #(#fields)* #reply },)
}
