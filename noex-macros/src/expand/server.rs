//! The `GenServer` implementation and what goes with it.

use crate::{
    expand::{
        carried::Carried,
        options, run,
        scope::{Scope, own},
    },
    model::{handler::Handler, kind::Kind},
    syntax::{
        place::{self, before, up_to},
        pretty::pretty,
        types,
    },
    text::server as text,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

pub(crate) fn expand(scope: &Scope<'_>, carried: &Carried) -> TokenStream {
    let Scope {
        k,
        params,
        names,
        bounds,
        message,
        step,
        reference,
        server,
        ..
    } = scope;
    let me = scope.self_ty();
    let name = pretty(&server.ident);
    let base = quote!(<#me>::__NOEX_OPTIONS);
    let options = options::expand(k, &server.options.values, &base);
    let messages = carried.or_error(quote!(#message #names), scope);
    let steps = match scope.server.has_steps() {
        true => carried.or_error(quote!(#step #names), scope),
        // Without any, a type that has no values.
        false => quote!(::core::convert::Infallible),
    };
    let dispatch = dispatch(scope);
    let callbacks = callbacks(scope);
    let infos = server
        .sound()
        .filter(|handler| handler.kind() == Kind::Info);
    let mut infos: Vec<_> = infos.map(|handler| info(handler, scope)).collect();
    if infos.is_empty() {
        infos.push(no_infos(scope));
    }
    let never_idle = never_idle(scope);
    let told = server
        .sound()
        .filter_map(|handler| told_by_signal(handler, scope));
    quote! {
        #[automatically_derived]
        impl #params #k::Child for #me #bounds {
            type Ref = #reference #names;
            const POLICY: #k::__private::ChildPolicy =
                #k::__private::ChildPolicy::of(&<Self as #k::GenServer>::OPTIONS);
        }
        #[doc(hidden)] #[automatically_derived]
        impl #params #k::GenServer for #me #bounds {
            type Message = #messages;
            type Continue = #steps;
            const TYPE: &'static str = #name;
            const OPTIONS: #k::Options = {
                use #k::__private::DefaultOptions as _;
                #options
            };
            #dispatch
            #callbacks
        }
        #(#infos)*
        #never_idle
        #(#told)*
    }
}

/// Refuses `#[info]` for what only `#[info(down)]` and `#[info(exit)]` are told. Others may call a type like that, so the
/// compiler has to look.
fn told_by_signal(handler: &Handler, scope: &Scope<'_>) -> Option<TokenStream> {
    let k = &scope.k;
    let field = handler
        .fields()
        .next()
        .filter(|_| handler.kind() == Kind::Info)?;
    let last = types::last_segment(field.ty())?;
    if last.ident != "Down" && last.ident != "Exit" || !scope.server.generics.params.is_empty() {
        return None;
    }
    let (cfgs, ty) = (&handler.cfgs, scope.outside(field.ty()));
    let text = String::from(text::told_by_signal(&last.ident.to_string()));
    Some(quote_spanned! {field.ty().span()=>
        #(#cfgs)*
        const _: () = {
            use #k::__private::IsPlain as _;
            ::core::assert!(<#k::__private::Told<#ty>>::IS_PLAIN, #text);
        };
    })
}

/// Refuses a handler that is never called. The half on the struct may say how long a silence is, so the compiler has to look.
fn never_idle(scope: &Scope<'_>) -> Option<TokenStream> {
    let (k, me, server) = (&scope.k, scope.self_ty(), scope.server);
    let mut handlers = server.sound();
    let handler = handlers.find(|handler| handler.kind() == Kind::Idle)?;
    let is_known = server.options.given("idle").is_some();
    if is_known || !server.generics.params.is_empty() || !handler.cfgs.is_empty() {
        return None;
    }
    let text = String::from(text::handler_without_idle(handler.name()));
    let at = handler.name().span();
    let check = quote_spanned!(before(at)=> ::core::assert!(<#me as #k::GenServer>::OPTIONS.idle.is_some(), #text));
    let check = up_to(at, check);
    Some(quote!(const _: () = #check;))
}

/// `handle_now`, `handle`, `handle_continue`, and what is known of a message.
fn dispatch(scope: &Scope<'_>) -> TokenStream {
    let (k, step) = (&scope.k, &scope.step);
    let [receiver, context, value, short] = ["self", "__cx", "__message", "__M"].map(own);
    let handlers = |wanted: fn(Kind) -> bool| {
        let sound = scope.server.sound();
        sound.filter(move |handler| wanted(handler.kind()))
    };
    let is_step = |kind| kind == Kind::Continuation;
    let step_arms = handlers(is_step).map(|handler| run::arm(handler, scope, true));
    // Also of handlers that are configured away, so that the numbers stay.
    let called = handlers(Kind::is_message).map(Handler::spelled);
    let numbered = handlers(Kind::is_message).zip(0..).map(|(handler, at)| {
        let (cfgs, variant) = (&handler.cfgs, handler.variant_in_use());
        let at = Literal::usize_unsuffixed(at);
        quote!(#(#cfgs)* #short::#variant { .. } => #at,)
    });
    let casts: Vec<_> = handlers(|kind| kind == Kind::Cast)
        .map(|handler| {
            let (cfgs, variant) = (&handler.cfgs, handler.variant_in_use());
            quote!(#(#cfgs)* #short::#variant { .. } => true,)
        })
        .collect();
    let is_cast = (!casts.is_empty()).then(|| {
        quote! {
            fn is_cast(#value: &Self::Message) -> bool {
                match *#value { #(#casts)* _ => false }
            }
        }
    });
    let never = |of: &Ident| {
        let never = scope
            .phantom()
            .map(|_| quote!(#of::__Never(never, _) => match never {},));
        never.unwrap_or_default()
    };
    let never_short = never(&short);
    let never_step = scope.server.has_steps().then(|| never(step));
    let result = quote!(__Result<(), #k::ExitReason>);
    // What a dispatch leaves to the other one; there may be none of those, when `cfg` takes them out.
    let others = own("__other");
    let (waiting, at_once): (Vec<_>, Vec<_>) =
        handlers(Kind::is_message).partition(|handler| handler.is_async());
    let now_arms = at_once
        .iter()
        .map(|handler| run::arm(handler, scope, false));
    let left = (!waiting.is_empty())
        .then(|| quote!(#[allow(unreachable_patterns)] #others => return #k::Now::Await(#others),));
    let handle_now = (!at_once.is_empty() || waiting.is_empty()).then(|| {
        quote! {
            fn handle_now(&mut #receiver, #value: Self::Message, #context: &mut #k::Ctx<Self>)
                -> #k::Now<Self::Message>
            {
                #k::Now::Done(match #value { #(#now_arms)* #never_short #left })
            }
        }
    });
    let arms = waiting.iter().map(|handler| run::arm(handler, scope, true));
    let left = (!at_once.is_empty()).then(|| quote!(#[allow(unreachable_patterns)] _ => {}));
    let handle = (!waiting.is_empty()).then(|| {
        quote! {
            async fn handle(&mut #receiver, #value: Self::Message, #context: &mut #k::Ctx<Self>)
                -> #result
            {
                match #value { #(#arms)* #never_short #left }
                __Ok(())
            }
        }
    });
    quote! {
        const HANDLERS: &'static [&'static str] = &[#(#called),*];
        #handle_now
        #handle
        async fn handle_continue(
            &mut #receiver, #value: Self::Continue, #context: &mut #k::Ctx<Self>,
        ) -> #result {
            match #value { #(#step_arms)* #never_step }
            __Ok(())
        }
        fn handler_index(#value: &Self::Message) -> usize {
            match *#value { #(#numbered)* #never_short }
        }
        #is_cast
    }
}

/// The callbacks that have a default in the trait.
fn callbacks(scope: &Scope<'_>) -> TokenStream {
    let k = &scope.k;
    let [receiver, context, signal] = ["self", "__cx", "__signal"].map(own);
    let result = quote!(__Result<(), #k::ExitReason>);
    let callback = |handler: &Handler| {
        let cfgs = &handler.cfgs;
        let (name, signal) = match handler.kind() {
            Kind::Down => ("handle_down", Some(quote!(#signal: #k::Down,))),
            Kind::Exit => ("handle_exit", Some(quote!(#signal: #k::Exit,))),
            Kind::Idle => ("handle_idle", None),
            Kind::Terminate => ("terminate", Some(quote!(#signal: &#k::ExitReason,))),
            Kind::Status => {
                let show = run::invoke(handler, &TokenStream::new());
                let span = handler
                    .output()
                    .map_or(handler.name().span(), Spanned::span);
                let show = quote_spanned!(span=> &#show);
                let of = quote_spanned!(before(span)=> #k::Status::of);
                let shown = place::call(span, of, show);
                return Some(quote! {
                    #(#cfgs)*
                    fn status(&#receiver) -> ::core::option::Option<#k::Status> { __Some(#shown) }
                });
            }
            _ => return None,
        };
        let name = own(name);
        let run = run::outcome(handler);
        Some(quote! {
            #(#cfgs)*
            async fn #name(&mut #receiver, #signal #context: &mut #k::Ctx<Self>) -> #result {
                #run
            }
        })
    };
    scope.server.sound().filter_map(callback).collect()
}

/// Two messages that nobody has. With none the compiler would say that what is sent, whatever it is, has no handler; with one
/// it would expect that.
fn no_infos(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        k,
        params,
        names,
        bounds,
        message,
        ..
    } = scope;
    let me = scope.self_ty();
    quote!(#k::__no_infos! { [#params] [#me] [#bounds] [#message #names] })
}

/// Lets anyone who has a `Tick` send it to a server that handles it.
fn info(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let Scope {
        k,
        params,
        names,
        bounds,
        message,
        ..
    } = scope;
    let (cfgs, variant) = (&handler.cfgs, handler.variant_in_use());
    let (value, short, me) = (own("__message"), own("__M"), scope.self_ty());
    let field = handler.fields().next();
    let ty = field.map(|field| scope.outside(field.ty()));
    let name = field.map(|field| field.name.to_token_stream());
    quote! {
        #(#cfgs)* #[automatically_derived]
        impl #params #k::Info<#ty> for #me #bounds {
            fn info(#value: #ty) -> #message #names { #short::#variant { #name: #value } }
        }
    }
}
