//! How the server runs one handler.

use crate::{
    expand::{
        reply::ReplyType,
        scope::{Scope, own},
    },
    model::{
        call::Answer,
        handler::{Handler, Role},
        kind::Kind,
    },
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// `Self::add(self, by, __cx).await`, where the arguments and `__reply` are in scope.
pub(crate) fn invoke(handler: &Handler, context: &TokenStream) -> TokenStream {
    let name = handler.name();
    let receiver = (handler.kind() != Kind::Init).then(|| {
        let own = own("self");
        quote!(#own,)
    });
    let arguments = handler.params.iter().map(|param| match param.role {
        Role::Field => param.name.to_token_stream(),
        Role::Context => context.clone(),
        Role::Reply => own("__reply").into_token_stream(),
        Role::Signal => own("__signal").into_token_stream(),
    });
    let wait = handler.is_async().then(|| quote!(.await));
    quote_spanned!(name.span()=> Self::#name(#receiver #(#arguments),*) #wait)
}

/// Runs a handler that nobody waits for: `()`, or an error that ends the server.
pub(crate) fn outcome(handler: &Handler) -> TokenStream {
    let run = invoke(handler, &own("__cx").into_token_stream());
    // A type that cannot be an outcome is reported where it is written.
    let span = handler
        .output()
        .map_or(handler.name().span(), Spanned::span);
    quote_spanned!(span=> __Outcome::outcome({ #run }))
}

/// One arm of a dispatch: `CounterMessage::Add { by, __reply } => { .. }`. It yields the outcome, or in an async
/// function, which can return early, nothing.
pub(crate) fn arm(handler: &Handler, scope: &Scope<'_>, in_async: bool) -> TokenStream {
    let of = if handler.kind() == Kind::Continuation {
        scope.step.clone()
    } else {
        own("__M")
    };
    let (cfgs, variant) = (&handler.cfgs, handler.variant());
    let fields = handler.fields().map(|field| &field.name);
    let (reply, body) = if handler.kind() == Kind::Call {
        let call = call(handler, scope);
        let done = (!in_async).then(|| quote!(__Ok(())));
        (Some(own("__reply")), quote!({ #call #done }))
    } else {
        let outcome = outcome(handler);
        let early = in_async.then(|| quote!(?));
        (None, quote!(#outcome #early,))
    };
    quote!(#(#cfgs)* #of::#variant { #(#fields,)* #reply } => #body)
}

fn call(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let k = &scope.k;
    let (reply, context, value) = (own("__reply"), own("__cx"), own("__it"));
    let always = handler.options.always;
    let begin = match handler.options.answer {
        Answer::Deferred(_) => own("__defer"),
        _ => own("__begin"),
    };
    let begin = quote!(#context.#begin(#reply, #always));
    let run = invoke(handler, &context.to_token_stream());
    let fallible = ReplyType::of(handler, scope).fallible;
    let finish = match (&handler.options.answer, fallible) {
        (Answer::Returned, true) => {
            quote!(let #value = #run; #context.__complete(#reply, #value))
        }
        (Answer::Returned, false) => quote!(let #value = #run; #context.__send(#reply, #value)),
        (Answer::Deferred(_), _) => quote!(#run;),
        (Answer::Spawned(_), _) => {
            let answer = own(if fallible { "complete" } else { "send" });
            quote! {
                let #value = #run;
                #context.__answer_later(#reply, #value, #k::Reply::#answer);
            }
        }
    };
    quote!(if let __Some(#reply) = #begin { #finish })
}
