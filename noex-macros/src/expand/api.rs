//! `api = CounterApi`: the ref's methods as a trait, for test doubles.

use crate::{
    expand::{
        reference,
        reply::ReplyType,
        scope::{Scope, own},
    },
    model::{handler::Handler, kind::Kind},
    syntax::block,
};
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) fn declare(scope: &Scope<'_>) -> TokenStream {
    let Some(api) = &scope.server.options.api else {
        return TokenStream::new();
    };
    let Scope {
        params,
        bounds,
        cfgs,
        quiet,
        reference,
        ..
    } = scope;
    let declared = offered(scope).map(|handler| {
        let head = reference::head(handler, scope);
        let signature = signature(handler, scope);
        quote!(#head #signature;)
    });
    let params = block::visible(params.clone());
    let doc = format!(
        "What a [`{reference}`] can be asked, as a trait that a test double can implement."
    );
    quote! {
        #cfgs #[doc = #doc] #quiet
        pub trait #api #params: ::core::marker::Send + ::core::marker::Sync #bounds {
            #(#declared)*
        }
    }
}

pub(crate) fn implement(scope: &Scope<'_>) -> TokenStream {
    let Some(api) = &scope.server.options.api else {
        return TokenStream::new();
    };
    let Scope {
        params,
        names,
        bounds,
        reference,
        ..
    } = scope;
    let implemented = offered(scope).map(|handler| {
        let cfgs = &handler.cfgs;
        let signature = signature(handler, scope);
        let body = body(handler, scope);
        quote!(#(#cfgs)* #signature { #body })
    });
    quote! {
        #[automatically_derived]
        impl #params #api #names for #reference #names #bounds { #(#implemented)* }
    }
}

/// The handlers that others may call. If nobody may call any, which is a mistake, what they are is no other one.
fn offered<'s>(scope: &Scope<'s>) -> impl Iterator<Item = &'s Handler> {
    let on_ref = || {
        scope
            .server
            .sound()
            .filter(|handler| handler.kind().is_on_ref())
    };
    let all_private = on_ref().all(Handler::is_private);
    on_ref().filter(move |handler| all_private || !handler.is_private())
}

/// Like the ref's method, but a call gives a boxed future: a double has no process to call.
fn signature(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let (k, name) = (&scope.k, handler.ref_name());
    let (message, names) = (&scope.message, &scope.names);
    let params = reference::params(handler.fields(), scope);
    let receiver = own("self");
    if handler.kind() == Kind::Cast {
        return quote! {
            fn #name(&#receiver, #params)
                -> ::core::result::Result<(), #k::CastError<#message #names>>
        };
    }
    let reply = ReplyType::of(handler, scope).outcome(scope);
    quote! {
        fn #name(&#receiver, #params) -> ::core::pin::Pin<#k::__private::Box<
            dyn ::core::future::Future<Output = #reply>
                + ::core::marker::Send + '_
        >>
    }
}

fn body(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let (k, name, reference) = (&scope.k, handler.ref_name(), &scope.reference);
    let names = &scope.names;
    let receiver = own("self");
    let arguments = handler.fields().map(|field| &field.name);
    let call = quote!(<#reference #names>::#name(#receiver, #(#arguments),*));
    if handler.kind() == Kind::Cast {
        call
    } else {
        quote!(#k::__private::Box::pin(#call))
    }
}
