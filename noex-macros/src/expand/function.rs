//! `#[noex::main]` and `#[noex::test]`: an `async fn` that gets a runtime of its own.

use crate::{
    diag::Diag,
    model::options::krate,
    syntax::{function::Method, half::unwrapped, options, pretty::pretty},
    text::function as text,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Path};

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
    paused: bool,
}

pub(crate) fn expand(entry: Entry, attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut d = Diag::default();
    let options = entry.options(attr, &mut d);
    let item = unwrapped(item);
    let out = match syn::parse2::<Method>(item.clone()) {
        Ok(mut function) => {
            check(entry, &mut function, &mut d);
            // Whatever else is wrong, `main` must not be `async` for rustc.
            if function.sig.asyncness.is_some() {
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
    function.attrs.retain(|attr| {
        let last = attr.path().segments.last();
        let is_other =
            attr.path().segments.len() > 1 && last.is_some_and(|last| last.ident == entry.name());
        if is_other {
            d.report(attr, text::two_runtimes(entry.name(), &pretty(attr)));
        }
        !is_other
    });
    let sig = &function.sig;
    // The work of another attribute before this one.
    let is_blocking = function.body.to_string().contains("block_on");
    if sig.asyncness.is_none() && is_blocking {
        let name = entry.name();
        d.report(
            &sig.ident,
            text::two_runtimes(name, &format!("#[tokio::{name}]")),
        );
    } else if sig.asyncness.is_none() {
        d.report(sig.fn_token, text::not_async(entry.name()));
    }
    if !sig.inputs.is_empty() {
        d.report(&sig.inputs, text::takes_nothing(entry.name()));
    }
    if !sig.generics.params.is_empty() {
        d.report(&sig.generics, text::generic(entry.name()));
    }
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
        let flavors = [("current_thread", true), ("multi_thread", false)];
        let mut out = Options::default();
        for opt in options::read(attr, d) {
            match opt.key.to_string().as_str() {
                key if !known.contains(&key) => {
                    opt.unknown(&format!("`#[noex::{}]` option", self.name()), known, d);
                }
                "crate" => out.krate = opt.parse("::noex", d),
                "paused" => out.paused = opt.switch(d),
                "flavor" => out.current_thread = opt.word("flavor", &flavors, d).unwrap_or(false),
                _ => {
                    out.workers = opt.parse("4", d);
                    let zero = opt
                        .value
                        .as_ref()
                        .is_some_and(|value| value.to_string() == "0");
                    if zero {
                        d.report(&opt.value, text::zero_workers());
                    }
                }
            }
        }
        if let Some(workers) = &out.workers {
            if out.current_thread {
                d.report(workers, text::workers_of_one_thread());
            }
            if out.paused {
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
        let (current_thread, paused) = (options.current_thread, options.paused);
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
