//! The plan of a tree: one closure that makes whatever its supervisors ask for.
//!
//! All expressions of the user are in it, so that it captures what they use once, whichever and
//! however many children use it. Its arms are numbered: 0 is the spec of the tree, then come the
//! children, each before what is inside it.

use super::super::model::{
    AutoShutdown, Child, ChildOptions, DynamicOptions, Intensity, Kind, Level, Need, PoolOptions,
    Route, Shutdown, Strategy, Tree,
};
use super::super::span;
use super::super::syntax;
use super::offered;
use super::path::Paths;
use crate::syntax::place::{self, before, up_to};
use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::ext::IdentExt;

/// An expression of type `Plan`.
pub(crate) fn plan(tree: &Tree, paths: &Paths, sound: bool) -> TokenStream {
    let mut writer = Writer {
        paths,
        in_function: tree.item.is_none(),
        arms: Vec::new(),
        plan: Ident::new("plan", Span::mixed_site()),
        slot: Ident::new("slot", Span::mixed_site()),
    };
    let name = tree.item.as_ref().map(|item| item.name.unraw().to_string());
    let root = writer.reserve();
    let spec = writer.spec(
        name.as_deref().unwrap_or("supervisor"),
        &mut vec![&tree.root],
    );
    let private = paths.private();
    writer.arms[root] = quote!(#private::Made::spec(#spec));

    let offered = offered::offered(&tree.root, paths, &writer.slot, &writer.arms);
    let Writer {
        arms, plan, slot, ..
    } = writer;
    let arm = Ident::new("arm", Span::mixed_site());
    let numbers = 0..arms.len();
    let (names, types): (Vec<_>, Vec<_>) = tree
        .parameters()
        .iter()
        .map(|parameter| (&parameter.name, &parameter.ty))
        .unzip();
    // Asked for here and once: may each parameter be shared between threads?
    let keep = types.iter().map(|ty| {
        let at = span(ty);
        let (here, krate) = (paths.here(at), paths.krate_at(at));
        up_to(
            paths.all(at),
            quote_spanned!(here=> #krate::__private::Parameter::new),
        )
    });
    // What only a broken child would have used is no second mistake.
    let used = (!sound).then(|| quote!(#(let _ = #names;)*));
    // The user's expressions know a parameter by its name, whatever is made of it.
    let again = quote!(#[allow(clippy::shadow_reuse)]);
    quote! {{
        // Also where nothing is half typed, so that it changes nothing before it.
        #[allow(unused_imports)]
        use #private::HalfTyped as _;
        #(#again let #names = #keep(#names);)*
        #private::Plan::new(move |#plan, #arm, #slot| {
            #(#again let #names = #private::Parameter::get(&#names);)*
            let _ = (#plan, #slot);
            #offered
            match #arm {
                #(#numbers => #arms,)*
                _ => { #used ::core::unreachable!() }
            }
        })
    }}
}

struct Writer<'a> {
    paths: &'a Paths,
    /// Whether the tree is an expression.
    in_function: bool,
    arms: Vec<TokenStream>,
    plan: Ident,
    slot: Ident,
}

impl Writer<'_> {
    fn reserve(&mut self) -> usize {
        self.arms.push(TokenStream::new());
        self.arms.len() - 1
    }

    /// The spec of the innermost of `levels`; adds the arms of its children.
    fn spec(&mut self, name: &str, levels: &mut Vec<&Level>) -> TokenStream {
        let Some(level) = levels.last().copied() else {
            return TokenStream::new();
        };
        let children: Vec<_> = level
            .children
            .iter()
            .map(|child| self.child(child, levels))
            .collect();
        let private = self.paths.private();
        let supervisor = self.paths.supervisor();
        let strategy = self.paths.strategy(level.options.strategy);
        let auto_shutdown = match level.options.auto_shutdown {
            AutoShutdown::Never => quote!(Never),
            AutoShutdown::AnySignificant => quote!(AnySignificant),
            AutoShutdown::AllSignificant => quote!(AllSignificant),
        };
        let intensity = self.intensity(level.options.intensity.as_ref());
        quote! {
            #supervisor::Spec {
                name: #name,
                strategy: #strategy,
                intensity: #intensity,
                auto_shutdown: #supervisor::AutoShutdown::#auto_shutdown,
                children: #private::list([#(#children),*]),
            }
        }
    }

    /// The child spec of one child; adds its arm.
    fn child<'t>(&mut self, child: &'t Child, levels: &mut Vec<&'t Level>) -> TokenStream {
        let id = child.id();
        let spec = match &child.kind {
            Kind::Spec { spec, .. } if child.sound => {
                let (here, krate) = self.at(span(spec));
                up_to(
                    self.paths.all(span(spec)),
                    quote_spanned!(here=> #krate::ChildSpec::id(#spec, #id)),
                )
            }
            _ if !child.sound => return quote!(::core::unreachable!()),
            _ => {
                let arm = self.reserve();
                self.arms[arm] = self.arm(child, levels);
                let plan = &self.plan;
                let server = self.paths.server(child);
                let server = server.map(|server| self.paths.sound(&server));
                quote!(#plan.child::<#server>(#arm, #id))
            }
        };
        let options = self.options(&child.options);
        let needs = levels.last().map(|level| needs(child, level));
        quote!(#spec #options #needs)
    }

    fn intensity(&self, intensity: Option<&Intensity>) -> TokenStream {
        let supervisor = self.paths.supervisor();
        match intensity {
            Some(intensity) => {
                let restarts = &intensity.restarts;
                let window = intensity.window.tokens();
                quote!(#supervisor::Intensity { max_restarts: #restarts, window: #window })
            }
            None => quote!(<#supervisor::Intensity as ::core::default::Default>::default()),
        }
    }

    /// What starts a child.
    fn arm<'t>(&mut self, child: &'t Child, levels: &mut Vec<&'t Level>) -> TokenStream {
        let siblings = self.siblings(child, levels, 0);
        let reference = self.paths.reference(child);
        let start = match &child.kind {
            // What its workers take is theirs to find.
            Kind::Pool {
                path,
                arguments,
                options,
            } => {
                return self.pool(child, path, arguments, options, levels);
            }
            Kind::Dynamic { path, options } => self.dynamic(child, path, options),
            Kind::Server { path, arguments } => self.server(path, arguments),
            Kind::Task { future } => {
                let (here, krate) = self.at(span(&future.stream()));
                let start = quote_spanned!(here=> #krate::Task::start);
                let start = up_to(self.paths.all(span(&future.stream())), start);
                quote!(#start #future)
            }
            Kind::Tree(inner) => {
                let supervisor = self.paths.supervisor();
                let ty = self.paths.server(child);
                levels.push(inner);
                let spec = self.spec(&child.id(), levels);
                levels.pop();
                quote!(#supervisor::start::<#ty>(#spec))
            }
            Kind::Spec { .. } | Kind::Unknown => quote!(::core::unreachable!()),
        };
        let at = reference.as_ref().map_or(child.name.span(), span);
        self.made(at, &siblings, reference.as_ref(), &start)
    }

    /// An arm that makes a start.
    fn made(
        &self,
        at: Span,
        siblings: &TokenStream,
        reference: Option<&TokenStream>,
        start: &TokenStream,
    ) -> TokenStream {
        let (here, krate) = self.at(at);
        let all = self.paths.all(at);
        let made = quote_spanned!(here=> #krate::__private::Made::child::<#reference, _>);
        let made = place::call(all, made, start.clone());
        up_to(all, quote!({ #siblings #made }))
    }

    /// What starts a pool; adds the arm of its workers, whose place is one further down.
    fn pool(
        &mut self,
        child: &Child,
        path: &TokenStream,
        arguments: &Group,
        options: &PoolOptions,
        levels: &[&Level],
    ) -> TokenStream {
        let siblings = self.siblings(child, levels, 1);
        let at = span(path);
        let (here, krate) = self.at(at);
        let all = self.paths.all(at);
        let reference = up_to(all, quote_spanned!(here=> #krate::Ref<#path>));
        let start = self.server(path, arguments);
        let worker = self.reserve();
        self.arms[worker] = self.made(at, &siblings, Some(&reference), &start);
        let supervisor = self.paths.supervisor();
        let private = self.paths.private();
        let (plan, name) = (&self.plan, child.id());
        let pool = self.paths.server(child);
        let sound = self.paths.sound(path);
        // Where it stands, its type is all that can be wrong.
        let size = &options.size;
        let count = Ident::new("count", Span::mixed_site());
        let intensity = self.intensity(options.intensity.as_ref());
        let route = match options.route {
            Route::LeastBusy => quote!(LeastBusy),
            Route::RoundRobin | Route::ByKey => quote!(RoundRobin),
        };
        quote! {{
            let #count: ::core::primitive::usize = #size;
            #private::Made::child::<#pool, _>(
                #plan.pool::<#sound, #pool>(#worker, #name, #count, #supervisor::Route::#route, #intensity)
            )
        }}
    }

    fn dynamic(&self, child: &Child, path: &TokenStream, options: &DynamicOptions) -> TokenStream {
        let (name, dynamic) = (child.id(), self.paths.server(child));
        let at = span(path);
        let (here, krate) = self.at(at);
        // Says that a server is none, also where there is no accessor.
        let reference = up_to(
            self.paths.all(at),
            quote_spanned!(here=> #krate::Ref<#path>),
        );
        let supervisor = self.paths.supervisor();
        let intensity = self.intensity(options.intensity.as_ref());
        let max = options.max.clone();
        let max = max.unwrap_or_else(|| quote!(::core::primitive::usize::MAX));
        let restart = match options.restart {
            Some(restart) => {
                let restart = self.paths.restart(restart);
                quote!(::core::option::Option::Some(#restart))
            }
            None => quote!(::core::option::Option::None),
        };
        quote! {
            {
                let _ = ::core::marker::PhantomData::<#reference>;
                <#dynamic>::start(#supervisor::DynamicSpec {
                    name: #name,
                    intensity: #intensity,
                    max_children: #max,
                    restart: #restart,
                })
            }
        }
    }

    /// Binds the names of the siblings that a child takes; its starter sits so many places `below` the child's own.
    fn siblings(&self, child: &Child, levels: &[&Level], below: usize) -> TokenStream {
        let needs = child.needs.iter();
        needs
            .map(|need| self.sibling(need, levels, below))
            .collect()
    }

    fn at(&self, at: Span) -> (Span, TokenStream) {
        (self.paths.here(at), self.paths.krate_at(at))
    }

    /// The call of the function `start` of a server. What has none finds one in a trait that takes anything: that it is no
    /// server is said elsewhere, and said once. The trait is known here only, or the compiler would name it to whoever
    /// misspells a `start` anywhere.
    fn server(&self, path: &TokenStream, arguments: &Group) -> TokenStream {
        let at = span(path);
        let (here, krate) = self.at(at);
        let start = Ident::new("start", before(at));
        let start = quote_spanned!(at=> <#path>::#start);
        let count = syntax::count(arguments);
        let names: Vec<_> = (0..count).map(|n| format_ident!("A{n}")).collect();
        let implemented = if self.in_function {
            // Its type may have parameters of the function around, which no item inside can name.
            quote_spanned!(here=> impl<T: ?::core::marker::Sized> __NoServer for T {})
        } else {
            quote_spanned!(here=> impl __NoServer for #path {})
        };
        let body = quote_spanned! {here=>
            // Called only where the server has no start of its own, with as many arguments as that was to get.
            #[allow(dead_code, clippy::too_many_arguments)]
            #[doc(hidden)]
            trait __NoServer {
                fn start<#(#names),*>(#(_: #names),*) -> #krate::__private::NoStart {
                    #krate::__private::NoStart
                }
            }
            #implemented
            #start #arguments
        };
        up_to(self.paths.all(at), quote!({ #body }))
    }

    /// Binds the name of a sibling to a ref that follows its restarts.
    fn sibling(&self, need: &Need, levels: &[&Level], below: usize) -> TokenStream {
        let private = self.paths.private();
        let slot = &self.slot;
        let (up, index) = (need.up, need.index);
        let Some(level) = levels.iter().rev().nth(up) else {
            return TokenStream::new();
        };
        let of = level.children.len();
        let up = up + below;
        // Where an editor finds it declared, and renames it.
        let mut name = need.name.clone();
        name.set_span(name.span().located_at(level.children[index].name.span()));
        match self.paths.reference(&level.children[index]) {
            Some(ty) => quote! {
                #[allow(unused_variables)]
                let #name: #ty = #private::sibling(#slot, #up, #index, #of);
            },
            // Of no type that is known, so of any: the mistake was reported where it was made.
            None => quote!(#[allow(unused_variables)] let #name = ::core::unreachable!();),
        }
    }

    fn options(&self, options: &ChildOptions) -> TokenStream {
        let supervisor = self.paths.supervisor();
        let mut out = TokenStream::new();
        if let Some(restart) = options.restart {
            let restart = self.paths.restart(restart);
            out.extend(quote!(.restart(#restart)));
        }
        if let Some(shutdown) = &options.shutdown {
            let shutdown = match shutdown {
                Shutdown::BrutalKill => quote!(BrutalKill),
                Shutdown::Infinity => quote!(Infinity),
                Shutdown::After(length) => {
                    let length = length.tokens();
                    quote!(After(#length))
                }
            };
            out.extend(quote!(.shutdown(#supervisor::Shutdown::#shutdown)));
        }
        if options.significant.is_some() {
            out.extend(quote!(.significant(true)));
        }
        if let Some(name) = &options.name {
            out.extend(quote!(.name(#name)));
        }
        if let Some(backoff) = &options.backoff {
            let first = backoff.first.tokens();
            let waits = match &backoff.longest {
                Some(longest) => {
                    let longest = longest.tokens();
                    quote!(doubling(#first, #longest))
                }
                None => quote!(constant(#first)),
            };
            out.extend(quote!(.backoff(#supervisor::Backoff::#waits)));
        }
        out
    }
}

/// Tells the supervisor what a child needs, if its strategy asks.
fn needs(child: &Child, level: &Level) -> Option<TokenStream> {
    let mut indices = BTreeSet::new();
    needed(child, 0, &mut indices);
    if level.options.strategy != Strategy::Dependents || indices.is_empty() {
        return None;
    }
    let ids = indices.iter().map(|index| level.children[*index].id());
    Some(quote!(.needs([#(#ids),*])))
}

/// What a child takes of the supervisor that is so many levels `up`, itself or somewhere inside.
fn needed(child: &Child, up: usize, indices: &mut BTreeSet<usize>) {
    let there = child.needs.iter().filter(|need| need.up == up);
    indices.extend(there.map(|need| need.index));
    if let Kind::Tree(inner) = &child.kind {
        for child in &inner.children {
            needed(child, up + 1, indices);
        }
    }
}
