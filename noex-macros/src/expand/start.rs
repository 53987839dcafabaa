//! The functions that start a server, with the parameters of its `#[init]`.

use crate::{
    expand::{
        reference, run,
        scope::{Scope, here, own},
    },
    model::handler::Handler,
    syntax::{
        mend,
        place::{self, before, up_to},
    },
};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

/// How a server is begun: by its `#[init]`, or with the state itself.
struct Entry {
    vis: TokenStream,
    docs: Option<TokenStream>,
    generics: TokenStream,
    bounds: TokenStream,
    /// `start: u64`, or `self`.
    params: TokenStream,
    /// `let start: Sent<Start> = start;` for what goes to the server's thread.
    checks: TokenStream,
    /// `start`, or `self`.
    pass: Vec<TokenStream>,
    /// What has to be cloned for a restart, and may lack it.
    types: Vec<TokenStream>,
    /// The expression that gives the initial state; `None` when nothing sound does.
    init: Option<TokenStream>,
    /// Where an editor goes that looks for a function that starts the server.
    at: Span,
}

pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let entry = match scope.server.init() {
        Some(init) if init.broken && !reference::is_writable(init) => return TokenStream::new(),
        Some(init) => Entry::of_init(init, scope),
        None => Entry::of_state(scope),
    };
    let Scope {
        k,
        params,
        names,
        bounds,
        reference,
        server,
        ..
    } = scope;
    let me = scope.self_ty();
    let functions = functions(&entry, scope);
    let vis = &entry.vis;
    let doc = format!(
        "A ref that follows `name`: which [`{}`] it means is looked up at each use.",
        server.ident
    );
    let name = own("name");
    let function = entry.function("named");
    let named = (!is_taken("named", scope)).then(|| {
        quote! {
            #[doc = #doc]
            #vis fn #function(#name: impl ::core::convert::Into<#k::Name>) -> #reference #names {
                ::core::convert::From::from(#k::Process::<Self>::named(#name))
            }
        }
    });
    quote! {
        impl #params #me #bounds { #functions #named }
    }
}

impl Entry {
    /// The name of a function that starts the server.
    fn function(&self, name: &str) -> Ident {
        Ident::new(name, before(self.at))
    }

    fn of_init(init: &Handler, scope: &Scope<'_>) -> Self {
        let k = &scope.k;
        let docs = &init.docs;
        let params = reference::params(init.fields(), scope);
        let pass: Vec<_> = init
            .fields()
            .map(|field| field.name.to_token_stream())
            .collect();
        let unknown = init.fields().filter(|field| !mend::is_plain(field.ty()));
        let unknown: Vec<_> = unknown.collect();
        let checks = unknown.iter().map(|field| {
            let (name, sent) = (&field.name, scope.sent(field.ty()));
            quote!(let #name: #sent = #name;)
        });
        let cloned = unknown
            .iter()
            .map(|field| scope.outside(field.ty()))
            .collect();
        let generics = &init.sig.generics;
        let context = own("__cx");
        let run = run::invoke(init, &quote!(&mut #context));
        // A type that cannot begin a server is reported where it is written.
        let span = init.output().map_or(init.name().span(), Spanned::span);
        let run = up_to(span, quote!({ #run }));
        let into = quote_spanned!(before(span)=> #k::__private::IntoInit::<Self>::into_init);
        let into = place::call(span, into, run);
        Self {
            vis: init.vis.to_token_stream(),
            docs: (!docs.is_empty()).then(|| quote!(#[doc = ""] #(#docs)*)),
            generics: generics.to_token_stream(),
            bounds: generics.where_clause.to_token_stream(),
            checks: quote!(#(#checks)*),
            params,
            pass,
            types: cloned,
            init: (!init.broken).then_some(into),
            at: init.name().span(),
        }
    }

    /// Without `#[init]` the state is the argument.
    fn of_state(scope: &Scope<'_>) -> Self {
        let k = &scope.k;
        let (receiver, state) = (own("self"), own("__state"));
        let sent = scope.sent(scope.self_ty());
        Self {
            vis: quote!(pub),
            docs: None,
            generics: TokenStream::new(),
            bounds: TokenStream::new(),
            params: quote!(#receiver),
            checks: quote!(let #state: #sent = #receiver;),
            pass: vec![quote!(#receiver)],
            types: vec![quote!(Self)],
            init: Some(quote!(#k::__private::IntoInit::<Self>::into_init(#state))),
            at: scope.server.ident.span(),
        }
    }
}

fn functions(entry: &Entry, scope: &Scope<'_>) -> TokenStream {
    // The others are made of it.
    if is_taken("start", scope) {
        return TokenStream::new();
    }
    let k = &scope.k;
    let ident = &scope.server.ident;
    let Entry {
        vis,
        docs,
        generics,
        bounds,
        params,
        pass,
        types,
        ..
    } = entry;
    let name = own("name");
    let has_init = scope.server.init().is_some();
    let [start_name, start_as_name, start_link_name, spec_name] =
        ["start", "start_as", "start_link", "child_spec"].map(|name| entry.function(name));
    // With `self` as the argument, it comes before the name.
    let named_params = if has_init {
        quote!(#name: impl ::core::convert::Into<#k::Name>, #params)
    } else {
        quote!(#params, #name: impl ::core::convert::Into<#k::Name>)
    };
    let begin = begin(entry, scope);
    // A parameter may have no name to pass it on by.
    let started = |adapt: TokenStream| match entry.init {
        Some(_) => quote!(Self::start(#(#pass),*).#adapt),
        None => quote!(::core::unreachable!()),
    };
    let doc = |text: &str| {
        let text = text.replace("{}", &format!("[`{ident}`]"));
        quote!(#[doc = #text] #docs)
    };
    let (plain, named) = (doc("Starts a {}."), doc("Starts a {} under a name."));
    let linked = doc("Starts a {} linked to the calling process.");
    let spec = doc("How a supervisor starts a {}, and what it does when it ends.");
    let start = unless_taken(
        "start",
        scope,
        || quote!(#plain #vis fn #start_name #generics (#params) -> #k::Start<Self> #bounds { #begin }),
    );
    let start_as = unless_taken("start_as", scope, || {
        let started = started(quote!(name(#name)));
        quote! {
            #named #vis fn #start_as_name #generics (#named_params) -> #k::Start<Self> #bounds {
                #started
            }
        }
    });
    let start_link = unless_taken("start_link", scope, || {
        let started = started(quote!(link()));
        quote! {
            #linked #vis fn #start_link_name #generics (#params) -> #k::Start<Self> #bounds {
                #started
            }
        }
    });
    let child_spec = unless_taken("child_spec", scope, || {
        let ident = ident.to_string();
        let bounds = (entry.init.is_some() && !types.is_empty()).then(|| {
            // With a lifetime of its own the bound is checked where `child_spec` is called, and
            // a server whose arguments cannot be cloned compiles as long as nobody does.
            let bounds = types.iter().map(|ty| {
                let at = ty.span();
                let bound = quote_spanned!(before(at)=> #k::__private::SpecArg<'__a>);
                let bound = up_to(at, bound);
                quote!(for<'__a> #ty: #bound)
            });
            quote!(where #(#bounds),*)
        });
        let body = match &entry.init {
            Some(_) => quote! {
                #k::ChildSpec::new::<Self>(
                    #ident, move || Self::start(#(::core::clone::Clone::clone(&#pass)),*),
                )
            },
            None => quote!(::core::unreachable!()),
        };
        // The parameters of a generic `#[init]`, which is a mistake, bring no bounds along.
        entry
            .generics
            .is_empty()
            .then(|| quote!(#spec #vis fn #spec_name(#params) -> #k::ChildSpec #bounds { #body }))
    });
    quote!(#start #start_as #start_link #child_spec)
}

/// What `start` does: the one place that asks whether all the server does may cross threads. It does so where the server is
/// named, of the state first: of a second error at one place about the same type, in one function, the compiler is silent.
fn begin(entry: &Entry, scope: &Scope<'_>) -> TokenStream {
    let k = &scope.k;
    let Entry { checks, init, .. } = entry;
    let Some(init) = init else {
        return quote!(::core::unreachable!());
    };
    let [of, seat, context, value] = ["__of", "__seat", "__cx", "__init"].map(own);
    let state = checked_state(scope);
    let at = scope.self_ty().span();
    let [pin, life] = ["Box", "life"].map(|name| scope.private_at(at, name));
    let init = quote! {
        move |mut #context: #k::Ctx<Self>| async move {
            let #value = #init;
            (#value, #context)
        }
    };
    let life = place::call(here(at), life, quote!(#of, #seat, #init));
    let pin = quote_spanned!(before(here(at))=> #pin::pin);
    let life = place::call(here(at), pin, life);
    quote! {
        #checks
        let #of: #k::__private::Of<#state> = #k::__private::PhantomData;
        #k::Start::new(move |#seat| #life)
    }
}

/// `Sent<Self>`, and `Shared<Sent<Self>>` when handlers share the server while they wait.
fn checked_state(scope: &Scope<'_>) -> TokenStream {
    let state = scope.sent(scope.self_ty());
    if !scope.server.sound().any(Handler::shares_the_server) {
        return state;
    }
    let at = scope.self_ty().span();
    let shared = scope.private_at(at, "Shared");
    up_to(here(at), quote_spanned!(before(here(at))=> #shared<#state>))
}

/// A function of this name is the user's, which is reported; a second one would be noise.
fn is_taken(name: &str, scope: &Scope<'_>) -> bool {
    scope
        .server
        .functions
        .iter()
        .any(|function: &Ident| function == name)
}

fn unless_taken<T: ToTokens>(
    name: &str,
    scope: &Scope<'_>,
    tokens: impl FnOnce() -> T,
) -> Option<T> {
    (!is_taken(name, scope)).then(tokens)
}
