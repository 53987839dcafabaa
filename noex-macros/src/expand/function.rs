//! `#[noex::main]` and `#[noex::test]`: an `async fn` that gets a runtime of its own.

use crate::{
    diag::Diag,
    model::options::krate,
    syntax::{
        function::Method,
        half::unwrapped,
        options::{self, Opt},
        pretty::pretty,
    },
    text::{function as text, option},
    tree,
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Path, Safety};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Main,
    Test,
}

#[derive(Default)]
struct Options {
    krate: Option<Path>,
    workers: Option<Expr>,
    current_thread: bool,
    /// Where it says so.
    paused: Option<Span>,
}

pub(crate) fn expand(entry: Entry, attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut d = Diag::default();
    let options = entry.options(attr, &mut d);
    let item = unwrapped(item);
    let out = match syn::parse2::<Method>(item.clone()) {
        Ok(mut function) => {
            check(entry, &mut function, &mut d);
            // Whatever else is wrong, `main` must not be `async` for rustc.
            if function.sig.asyncness.is_some() && function.sig.receiver().is_none() {
                entry.print(&function, options)
            } else {
                quote!(#function)
            }
        }
        Err(_) => {
            d.report(&item, text::not_a_function(entry.name()));
            item
        }
    };
    let errors = d.into_tokens();
    quote!(#out #errors)
}

fn check(entry: Entry, function: &mut Method, d: &mut Diag) {
    let name = entry.name();
    // The work of another attribute before this one.
    let was_first =
        function.sig.asyncness.is_none() && function.body.to_string().contains("block_on");
    function.attrs.retain(|attr| {
        let path = attr.path();
        let is_other = path.segments.last().is_some_and(|last| last.ident == name)
            && (path.segments.len() > 1 || entry == Entry::Test);
        if is_other && !was_first {
            d.report(attr, text::two_runtimes(name, &pretty(attr)));
        }
        !is_other
    });
    let sig = &mut function.sig;
    if was_first {
        d.report(
            &sig.ident,
            text::two_runtimes(name, &format!("#[tokio::{name}]")),
        );
    } else if sig.asyncness.is_none() {
        d.report(sig.fn_token, text::not_async(name));
    }
    if let Safety::Unsafe(word) = &sig.safety {
        d.report(word, text::not_of_an_entry(name, "unsafe"));
        sig.safety = Safety::Default;
    }
    if let Some(abi) = sig.abi.take() {
        d.report(&abi, text::not_of_an_entry(name, &pretty(&abi)));
    }
    if let Some(receiver) = sig.receiver() {
        d.report(receiver, text::method(name));
    } else if !sig.inputs.is_empty() {
        d.report(&sig.inputs, text::takes_nothing(name));
        // They have done their work: nobody else knows what is on them, or misses them.
        for input in &mut sig.inputs {
            if let syn::FnArg::Typed(input) = input {
                input.attrs.clear();
            }
        }
        function
            .attrs
            .push(syn::parse_quote!(#[allow(unused_variables)]));
    }
    if !function.sig.generics.params.is_empty() {
        d.report(&function.sig.generics, text::generic(name));
    }
}

/// Reports what is no count of workers.
fn workers(opt: &Opt, d: &mut Diag) -> Option<Expr> {
    let key = opt.key.to_string();
    let value = opt.value("4", d)?;
    if let Some(meant) = tree::meant_count(value) {
        d.report(value, option::not_a_number(&key, &pretty(value), &meant));
        return None;
    }
    if opt.is_negative() || value.to_string() == "0" {
        d.report(value, text::zero_workers());
    }
    if opt.is_negative() {
        return None;
    }
    opt.parse("4", d)
}

impl Entry {
    fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Test => "test",
        }
    }

    fn options(self, attr: TokenStream, d: &mut Diag) -> Options {
        let known: &[&str] = match self {
            Self::Main => &["workers", "flavor", "crate"],
            Self::Test => &["workers", "paused", "crate"],
        };
        const FLAVORS: [(&str, bool); 2] = [("current_thread", true), ("multi_thread", false)];
        let mut out = Options::default();
        if let Ok(count) = syn::parse2::<syn::LitInt>(attr.clone()) {
            d.report(&attr, option::unnamed("workers", &count.to_string()));
            return out;
        }
        let list = options::read(attr, d);
        let has_workers = list
            .iter()
            .any(|opt| opt.key.to_string().contains("workers"));
        for opt in list {
            let key = opt.key.to_string();
            let is_flavor = FLAVORS.iter().any(|flavor| flavor.0 == key) && opt.value.is_none();
            match key.as_str() {
                "flavor" if self == Self::Test => {
                    let value = opt.value.as_ref().map(pretty).unwrap_or_default();
                    let many = value.contains("multi") && !has_workers;
                    d.report(&opt.key, text::flavor_of_test(many));
                }
                _ if is_flavor && self == Self::Test => {
                    let many = key == "multi_thread" && !has_workers;
                    d.report(&opt.key, text::flavor_of_test(many));
                }
                _ if is_flavor => d.report(&opt.key, option::word_alone("flavor", &key)),
                key if !known.contains(&key) => {
                    opt.unknown(&format!("`#[noex::{}]` option", self.name()), known, d);
                }
                "crate" => out.krate = opt.parse("::noex", d),
                "paused" => {
                    let on = opt.switch(d);
                    out.paused = on.then(|| opt.key.span());
                }
                "flavor" => out.current_thread = opt.word("flavor", &FLAVORS, d).unwrap_or(false),
                _ => out.workers = workers(&opt, d),
            }
        }
        if let Some(workers) = &out.workers {
            if out.current_thread {
                d.report(workers, text::workers_of_one_thread());
            }
            if out.paused.is_some() {
                d.report(workers, text::paused_workers());
            }
        }
        out
    }

    /// The user's function stays as it is, inside one of the same name: so errors in it read as
    /// they would without the macro.
    fn print(self, function: &Method, options: Options) -> TokenStream {
        let k = krate(options.krate);
        let Method {
            attrs,
            vis,
            sig,
            body,
        } = function;
        let (name, output) = (&sig.ident, &sig.output);
        let workers = match options.workers {
            Some(workers) => quote!(::core::option::Option::Some(#workers)),
            None => quote!(::core::option::Option::None),
        };
        let current_thread = options.current_thread;
        // There only with the feature that it needs.
        let paused = match options.paused {
            Some(at) => {
                let paused = quote_spanned!(at=> PAUSED);
                quote!(::core::option::Option::Some(#k::__private::#paused))
            }
            None => quote!(::core::option::Option::None),
        };
        let is_callable = sig.inputs.is_empty() && sig.generics.params.is_empty();
        let call = if is_callable {
            quote!(#name())
        } else {
            quote!(async { ::core::unreachable!() })
        };
        let (marker, run) = match self {
            Self::Main => (
                TokenStream::new(),
                quote! {
                    #k::__private::block_on_main(
                        #k::__private::MainOptions {
                            workers: #workers, current_thread: #current_thread,
                        },
                        #call,
                    )
                },
            ),
            // The bare word would be `noex::test` again where that is imported.
            Self::Test => (
                quote!(#[::core::prelude::v1::test]),
                quote! {
                    #k::__private::run_test(
                        #k::__private::TestOptions { workers: #workers, paused: #paused },
                        #call,
                    )
                },
            ),
        };
        quote! {
            #(#attrs)*
            #marker
            #vis fn #name() #output {
                #sig #body
                #run
            }
        }
    }
}
