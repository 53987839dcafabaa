//! How the server runs one handler.

use crate::{
    expand::{
        reply::ReplyType,
        scope::{Scope, own},
    },
    model::{
        call::Answer,
        handler::{Handler, Param, Role},
        kind::Kind,
    },
    syntax::place::{self, before, up_to},
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// `Self::add(self, by, __cx).await`, where the arguments and `__reply` are in scope.
pub(crate) fn invoke(handler: &Handler, context: &TokenStream) -> TokenStream {
    let apply = apply(handler, context);
    let at = handler.name().span();
    let wait = handler
        .is_async()
        .then(|| up_to(at, quote_spanned!(before(at)=> .await)));
    quote!(#apply #wait)
}

/// The same without the `.await`.
fn apply(handler: &Handler, context: &TokenStream) -> TokenStream {
    let name = handler.name();
    let receiver = (handler.kind() != Kind::Init).then(|| {
        let own = own("self");
        quote!(#own,)
    });
    let arguments = handler.params.iter().map(|param| match param.role {
        Role::Field => param.in_use().into_token_stream(),
        Role::Context => seen_at(param, context),
        Role::Reply => own("__reply").into_token_stream(),
        Role::Signal => seen_at(param, &own("__signal").into_token_stream()),
    });
    let at = name.span();
    let apply = quote_spanned!(before(at)=> Self::#name(#receiver #(#arguments),*));
    up_to(at, apply)
}

/// What we pass for a parameter: if it is of another type, that is said where the parameter's type is written.
fn seen_at(param: &Param, tokens: &TokenStream) -> TokenStream {
    let at = param.ty().span();
    let tokens = tokens.clone().into_iter().map(|mut token| {
        token.set_span(before(token.span().located_at(at)));
        token
    });
    let tokens: TokenStream = tokens.collect();
    quote_spanned!(at=> (#tokens))
}

/// Runs a handler that nobody waits for: `()`, or an error that ends the server.
pub(crate) fn outcome(handler: &Handler) -> TokenStream {
    let run = invoke(handler, &own("__cx").into_token_stream());
    // A type that cannot be an outcome is reported where it is written.
    let span = handler
        .output()
        .map_or(handler.name().span(), Spanned::span);
    let run = up_to(span, quote!({ #run }));
    let outcome = quote_spanned!(before(span)=> __Outcome::outcome);
    place::call(span, outcome, run)
}

/// One arm of a dispatch: `CounterMessage::Add { by, __reply } => { .. }`. It yields the outcome, or in an async
/// function, which can return early, nothing.
pub(crate) fn arm(handler: &Handler, scope: &Scope<'_>, in_async: bool) -> TokenStream {
    let of = if handler.kind() == Kind::Continuation {
        scope.step.clone()
    } else {
        own("__M")
    };
    let (cfgs, variant) = (&handler.cfgs, handler.variant_in_use());
    let fields = handler.fields().map(Param::in_use);
    let (own_fields, body) = if handler.kind() == Kind::Call {
        let (reply, context) = (own("__reply"), own("__cx"));
        let begin = own(if handler.options.always {
            "__begin_always"
        } else {
            "__begin"
        });
        let defer = matches!(handler.options.answer, Answer::Deferred(_))
            .then(|| quote!(let #reply = #context.__defer(#reply);));
        let (caller, run) = if scope.logs_calls() {
            let caller = own("__caller");
            (Some(quote!(#caller,)), logged_call(handler, scope))
        } else {
            (None, call(handler, scope))
        };
        let done = (!in_async).then(|| quote!(__Ok(())));
        let body =
            quote!({ if let __Some(#reply) = #context.#begin(#reply) { #defer #run } #done });
        (Some(quote!(#caller #reply)), body)
    } else {
        let outcome = outcome(handler);
        let early = in_async.then(|| quote!(?));
        (None, quote!(#outcome #early,))
    };
    quote!(#(#cfgs)* #of::#variant { #(#fields,)* #own_fields } => #body)
}

/// Runs the handler of a call and answers.
fn call(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let k = &scope.k;
    let (reply, context, value) = (own("__reply"), own("__cx"), own("__it"));
    let run = invoke(handler, &context.to_token_stream());
    let fallible = ReplyType::of(handler, scope).fallible;
    // Lent to the handler, the context cannot answer at the same time.
    let takes_context = handler.params_of(Role::Context).next().is_some();
    let answer = own(if fallible { "__complete" } else { "__settle" });
    match (&handler.options.answer, fallible) {
        (Answer::Returned, _) if takes_context => {
            quote!(let #value = #run; #context.#answer(#reply, #value))
        }
        (Answer::Returned, _) => quote!(#context.#answer(#reply, #run)),
        (Answer::Deferred(_), _) => quote!(#run;),
        (Answer::Spawned(_), _) => {
            let answer = own(if fallible { "complete" } else { "send" });
            quote! {
                let #value = #run;
                #context.__answer_later(#reply, #value, #k::Reply::#answer);
            }
        }
    }
}

/// The same, with a span around the handler that is told how it ended.
fn logged_call(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let k = &scope.k;
    let [reply, context, value, log] = ["__reply", "__cx", "__it", "__log"].map(own);
    let (caller, error) = (own("__caller"), own("__error"));
    let name = handler.spelled();
    let apply = apply(handler, &context.to_token_stream());
    let run = if handler.is_async() {
        quote!(#log.watch(#apply).await)
    } else {
        quote!(#log.run(|| #apply))
    };
    let fallible = ReplyType::of(handler, scope).fallible;
    let shown = if fallible {
        quote!(#value.as_ref().err().map(|#error| {
            use #k::__private::{ShownByDebug as _, ShownByDisplay as _, ShownByType as _};
            (&&&#k::__private::Shown(#error)).__noex_shown()
        }))
    } else {
        quote!(__None)
    };
    let answer = own(match (&handler.options.answer, fallible) {
        (Answer::Spawned(_), true) => "complete",
        (Answer::Spawned(_), false) => "send",
        (_, true) => "__complete",
        (_, false) => "__settle",
    });
    let finish = match &handler.options.answer {
        Answer::Returned => quote!(#log.end(#shown); #context.#answer(#reply, #value)),
        Answer::Deferred(_) => quote!(#log.deferred();),
        Answer::Spawned(_) => quote! {
            let #value = async move {
                let #value = #log.watch(#value).await;
                #log.end(#shown);
                #value
            };
            #context.__answer_later(#reply, #value, #k::Reply::#answer);
        },
    };
    quote! {
        let #log = #context.__log(&#caller, #name);
        let #value = #run;
        #finish
    }
}
