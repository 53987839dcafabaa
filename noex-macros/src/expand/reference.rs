//! The ref: a handle with a method for each call and cast.

use crate::{
    expand::{
        reply::ReplyType,
        scope::{Scope, own},
    },
    model::{
        handler::{Handler, Param},
        kind::Kind,
    },
    syntax::{
        duration::Length,
        mend,
        place::{before, up_to},
        pretty::pretty,
        types,
    },
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Lit, Meta, MetaNameValue, PathArguments, Type, Visibility};

/// The methods and traits of a ref.
pub(crate) fn implement(scope: &Scope<'_>) -> TokenStream {
    let (traits, methods) = (traits(scope), methods(scope));
    quote!(#traits #methods)
}

pub(crate) fn methods(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        params,
        names,
        bounds,
        reference,
        ..
    } = scope;
    let handlers = scope.server.handlers.iter();
    let methods = handlers.filter(|handler| handler.kind().is_on_ref() && !handler.shadowed);
    let methods = methods.filter_map(|handler| method(handler, scope));
    quote!(impl #params #reference #names #bounds { #(#methods)* })
}

/// The field has a name, so that nobody is told to write `counter.0` for `counter.n`. The struct names its server as a parameter
/// with a default. The type is the same, but a ref of a private server may then say in public what it refers to. Readers of
/// the documentation are spared that.
pub(crate) fn declare(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        k,
        params,
        bounds,
        cfgs,
        quiet,
        reference,
        server,
        ..
    } = scope;
    let me = scope.self_ty();
    let own = server
        .generics
        .params
        .iter()
        .map(|param| scope.outside(param));
    let doc = format!(
        "A handle of a [`{}`]: what can be asked of it.",
        server.ident
    );
    let more = "\nIt does not keep the server alive, and derefs to what every process has.";
    let phantom = scope.phantom().map(|phantom| quote!(__of: #phantom,));
    quote! {
        #cfgs #[doc = #doc] #quiet
        #[cfg(not(doc))]
        pub struct #reference<#(#own,)* __Server: #k::GenServer = #me> #bounds {
            __at: #k::Process<__Server>, #phantom
        }
        #cfgs #[doc = #doc] #[doc = #more] #[allow(rustdoc::all)]
        #[cfg(doc)]
        pub struct #reference #params #bounds { __at: #k::Process<#me>, #phantom }
    }
}

fn traits(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        k,
        params,
        names,
        bounds,
        reference,
        ..
    } = scope;
    let me = scope.self_ty();
    let name = reference.to_string();
    let phantom = scope.phantom();
    let phantom = phantom.map(|_| quote!(__of: ::core::marker::PhantomData,));
    let head = quote!(#[automatically_derived] impl #params);
    let of = quote!(for #reference #names #bounds);
    quote! {
            #head ::core::clone::Clone #of {
                fn clone(&self) -> Self { Self { __at: ::core::clone::Clone::clone(&self.__at), #phantom } }
            }
            #head ::core::fmt::Debug #of {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_tuple(#name).field(&self.__at).finish()
                }
            }
            #head ::core::ops::Deref #of {
                type Target = #k::Process<#me>;
                fn deref(&self) -> &Self::Target { &self.__at }
            }
            #head ::core::convert::From<#k::Process<#me>> #of {
                fn from(process: #k::Process<#me>) -> Self { Self { __at: process, #phantom } }
            }
            #[doc(hidden)]
            #head ::core::convert::From<#k::Target> #of {
                fn from(target: #k::Target) -> Self {
                    Self { __at: ::core::convert::From::from(target), #phantom }
                }
            }
    }
}

fn method(handler: &Handler, scope: &Scope<'_>) -> Option<TokenStream> {
    let signature = signature(handler, scope)?;
    let head = head(handler, scope);
    let vis = &handler.vis;
    let body = if handler.broken {
        quote!(::core::unreachable!())
    } else {
        body(handler, scope)
    };
    Some(quote!(#head #vis #signature { #body }))
}

/// Documentation and conditions of a method.
pub(crate) fn head(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let (cfgs, deprecated) = (&handler.cfgs, &handler.deprecated);
    let path = server_path(scope.self_ty());
    let short = format!("{}::{}", scope.server.ident, handler.name());
    let by = match handler.vis {
        Visibility::Public(_) if scope.server.ident == path => format!("[`{short}`]"),
        Visibility::Public(_) => format!("[`{short}`]({path}::{})", handler.name()),
        _ => format!("`{short}`"),
    };
    let timeout = match timeout(handler, scope) {
        Some(timeout) => format!("; a caller waits up to `{timeout}`"),
        None => String::new(),
    };
    let link = format!("\nHandled by {by}{timeout}.");
    // A section at the end, such as that of the errors, is not about this.
    let (before, sections) = handler.docs.split_at(first_section(&handler.docs));
    let gap = (!sections.is_empty()).then(|| quote!(#[doc = ""]));
    quote!(#(#before)* #[doc = #link] #gap #(#sections)* #(#cfgs)* #(#deprecated)*)
}

/// The index of the first heading. In an example, a `#` hides a line.
fn first_section(docs: &[Attribute]) -> usize {
    let mut in_example = false;
    let section = docs.iter().position(|doc| {
        let line = line(doc);
        let line = line.trim_start();
        in_example ^= line.starts_with("```");
        !in_example && line.starts_with('#') && line.trim_start_matches('#').starts_with(' ')
    });
    section.unwrap_or(docs.len())
}

/// The text of `#[doc = " text"]`.
fn line(doc: &Attribute) -> String {
    match &doc.meta {
        Meta::NameValue(MetaNameValue {
            value:
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }),
            ..
        }) => text.value(),
        _ => String::new(),
    }
}

/// How long callers wait, where it is written in this block.
fn timeout(handler: &Handler, scope: &Scope<'_>) -> Option<String> {
    if handler.kind() != Kind::Call {
        return None;
    }
    let own = handler.options.timeout.as_ref();
    let own = own.or_else(|| scope.server.options.call_timeout());
    own.map(Length::written)
}

/// `fn add(&self, by: u64) -> Call<'_, Counter, u64, TooBig>`; `None` if a mistake in the handler
/// leaves it open what that is.
pub(crate) fn signature(handler: &Handler, scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope {
        k, names, message, ..
    } = scope;
    if handler.broken && !is_writable(handler) {
        return None;
    }
    let (name, me) = (handler.ref_name(), scope.self_ty());
    let receiver = own("self");
    let generics = &handler.sig.generics;
    let (generics, bounds) = (&generics, &generics.where_clause);
    let params = params(handler.fields(), scope);
    let returns = if handler.kind() == Kind::Call {
        let reply = ReplyType::of(handler, scope).arguments();
        quote!(#k::Call<'_, #me, #reply>)
    } else {
        quote!(::core::result::Result<(), #k::CastError<#message #names>>)
    };
    Some(quote!(fn #name #generics (&#receiver, #params) -> #returns #bounds))
}

/// `by: u64, why: String`
pub(crate) fn params<'p>(
    fields: impl Iterator<Item = &'p Param>,
    scope: &Scope<'_>,
) -> TokenStream {
    let params = fields.map(|field| {
        let ty = scope.outside(field.ty());
        let name = field.name.as_ref();
        // A pattern, which is a mistake: only the type matters any more.
        let name = name.map_or_else(|| quote!(_), ToTokens::to_token_stream);
        quote!(#name: #ty)
    });
    quote!(#(#params),*)
}

/// Whether the types of a broken handler can stand in another signature.
pub(crate) fn is_writable(handler: &Handler) -> bool {
    let mut fields = handler.fields().map(Param::ty);
    let has_lifetimes = |ty: &Type| {
        let mut found = false;
        types::lifetimes(ty, &mut |_| found = true);
        // Those that the handler declares are carried along.
        found && handler.sig.generics.params.is_empty()
    };
    let is_inferred = |ty| matches!(types::nameless(ty), Some(Type::Infer(_)));
    let fields = fields.all(|ty| !has_lifetimes(ty) && !is_inferred(ty));
    let output = handler.output().is_none_or(|ty| {
        let ty = types::future_output(ty).unwrap_or(ty);
        !has_lifetimes(ty)
            && types::nameless(ty).is_none()
            && mend::unsendable(&mend::mended(ty)).is_none()
    });
    fields && output && !handler.has_twins()
}

fn body(handler: &Handler, scope: &Scope<'_>) -> TokenStream {
    let [receiver, reply, short] = ["self", "__reply", "__M"].map(own);
    let variant = handler.variant_in_use();
    let fields = handler.fields().map(Param::in_use);
    if handler.kind() == Kind::Cast {
        return quote!(#receiver.__at.cast(#short::#variant { #(#fields),* }));
    }
    let timeout = match &handler.options.timeout {
        Some(timeout) => {
            let timeout = timeout.tokens();
            quote!(__Some(#timeout))
        }
        None => quote!(__None),
    };
    // The span that the handler's is a child of.
    let caller = scope.logs_calls().then(|| {
        let (k, caller) = (&scope.k, own("__caller"));
        quote!(#caller: #k::__private::Span::current(),)
    });
    let at = handler.name().span();
    let call = quote_spanned! {before(at)=>
        #receiver.__at.call(#timeout, move |#reply| #short::#variant { #(#fields,)* #caller #reply })
    };
    up_to(at, call)
}

/// The server's path without arguments, as documentation links to it.
fn server_path(ty: &Type) -> String {
    let Type::Path(path) = ty else {
        return pretty(ty);
    };
    let mut path = path.path.clone();
    for segment in &mut path.segments {
        segment.arguments = PathArguments::None;
    }
    pretty(path)
}
