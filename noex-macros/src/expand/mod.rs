//! Prints what the model says.

mod api;
mod message;
mod options;
mod print;
mod reference;
mod reply;
mod run;
mod scope;
mod server;
mod start;
mod state;
#[cfg(test)]
mod tests;

pub(crate) mod function;

use crate::{
    check,
    diag::Diag,
    model::{options::ServerOptions, server::Server},
    syntax::{
        block::ImplBlock,
        half::{self, Half},
    },
    text::server as text,
};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use scope::Scope;

/// `#[gen_server]`
pub(crate) fn gen_server(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut d = Diag::default();
    let item = half::unwrapped(item);
    let half = half::of(&item);
    let options = ServerOptions::read(attr, &half, &mut d);
    let out = match half {
        Half::Impl => implementation(item, options, &mut d),
        Half::State => {
            let extra = state::expand(&item, options);
            quote!(#item #extra)
        }
        Half::Other(keyword) => {
            let at = keyword.map_or_else(Span::call_site, |keyword| keyword.span());
            d.report_at(at, text::wrong_item());
            item
        }
    };
    let errors = d.into_tokens();
    quote!(#out #errors)
}

fn implementation(item: TokenStream, options: ServerOptions, d: &mut Diag) -> TokenStream {
    let mut block: ImplBlock = match syn::parse2(item.clone()) {
        Ok(block) => block,
        Err(error) => {
            d.syntax(error);
            return item;
        }
    };
    let generated = Server::read(&mut block, options, d).map(|mut server| {
        check::server(&mut server, d);
        generated(&server)
    });
    quote!(#block #generated)
}

/// All that stands beside the user's `impl` block.
fn generated(server: &Server) -> TokenStream {
    // A type that borrows can be none of the things that follow.
    if server.generics.lifetimes().next().is_some() {
        return TokenStream::new();
    }
    let scope = Scope::new(server);
    let types = [
        message::expand(&scope),
        reference::declare(&scope),
        api::declare(&scope),
    ];
    let impls = [
        reference::implement(&scope),
        server::expand(&scope),
        start::expand(&scope),
        api::implement(&scope),
    ];
    let (k, cfgs, quiet) = (&scope.k, &scope.cfgs, scope::quiet());
    // In a block of their own they share one list of lints, and short names.
    let out = quote! {
        #(#types)*
        #cfgs #quiet
        const _: () = {
            use ::core::option::Option::{None as __None, Some as __Some};
            use ::core::result::Result::{self as __Result, Ok as __Ok};
            use #k::__private::Outcome as __Outcome;
            #(#impls)*
        };
    };
    let shown = print::expand(&scope, &out);
    quote!(#out #shown)
}
