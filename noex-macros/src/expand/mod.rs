//! Prints what the model says.

mod api;
mod carried;
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
    model::{attributes, options::ServerOptions, server::Server},
    syntax::{
        block::ImplBlock,
        half::{self, Half},
        pretty::pretty,
        types, unclosed,
    },
    text::server as text,
};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use scope::Scope;
use syn::Type;

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
            attributes::without(item)
        }
    };
    let errors = d.into_tokens();
    quote!(#out #errors)
}

fn implementation(item: TokenStream, options: ServerOptions, d: &mut Diag) -> TokenStream {
    let item = unclosed::given_back(item, attributes::is_ours);
    let mut block: ImplBlock = match syn::parse2(item.clone()) {
        Ok(block) => block,
        Err(error) => {
            d.syntax(error);
            return attributes::without(item);
        }
    };
    if types::is_foreign(&block.self_ty) && block.of_trait.is_none() {
        let written = pretty(&block.self_ty);
        let text = match block.self_ty {
            Type::Path(_) => text::foreign_type(&written),
            _ => text::nameless_type(&written),
        };
        d.report(&block.self_ty, text);
        return TokenStream::new();
    }
    let generated = Server::read(&mut block, options, d).map(|mut server| {
        check::block(&mut server, &mut block, d);
        // What is wrong with those, rustc says.
        server.add_half_typed();
        let Some(other) = check::second::other_server(&server.ident) else {
            return generated(&server);
        };
        let written = pretty(&server.self_ty);
        if written == other {
            d.report(&server.self_ty, text::second_impl(&server.ident));
            methods_alone(server)
        } else {
            d.report(&server.self_ty, text::other_arguments(&written, &other));
            TokenStream::new()
        }
    });
    quote!(#block #generated)
}

/// What callers of the handlers in a second block need, so that its one mistake is not theirs too.
fn methods_alone(mut server: Server) -> TokenStream {
    for handler in &mut server.handlers {
        handler.broken = true;
    }
    let scope = Scope::new(&server);
    in_block(&scope, &reference::methods(&scope))
}

/// All that stands beside the user's `impl` block.
fn generated(server: &Server) -> TokenStream {
    // A type that borrows can be none of the things that follow.
    if server.borrows() {
        return TokenStream::new();
    }
    let scope = Scope::new(server);
    let types = [
        message::expand(&scope),
        reference::declare(&scope),
        api::declare(&scope),
    ];
    let carried = carried::expand(&scope);
    let impls = [
        reference::implement(&scope),
        server::expand(&scope, &carried),
        start::expand(&scope),
        api::implement(&scope),
        carried.question.unwrap_or_default(),
    ];
    let impls = in_block(&scope, &quote!(#(#impls)*));
    let out = quote!(#(#types)* #impls);
    let shown = print::expand(&scope, &out);
    quote!(#out #shown)
}

/// In a block of their own the impls share one list of lints, and short names.
fn in_block(scope: &Scope<'_>, impls: &TokenStream) -> TokenStream {
    let (k, cfgs, quiet) = (&scope.k, &scope.cfgs, scope::quiet());
    let (message, short) = (&scope.message, scope::own("__M"));
    // What an editor shows of the attributes, which are gone.
    let handlers = scope.server.handlers.iter();
    let attributes = handlers.map(|handler| &handler.options.attribute);
    quote! {
        #cfgs #quiet
        const _: () = {
            use ::core::option::Option::{None as __None, Some as __Some};
            use ::core::result::Result::{self as __Result, Ok as __Ok};
            use #k::__private::Outcome as __Outcome;
            use #message as #short;
            #impls
            #k::__in_editor! { use #k::attr::{#(#attributes as _),*}; }
        };
    }
}
