//! What stands beside a server in its file.
//!
//! A macro sees one block alone. What is wrong with it may lie in what it does not see, and rustc would report it at all
//! that was generated. So the source is asked, but only when a search for a few words says that there may be an answer.

use crate::{
    diag::Diag,
    model::server::Server,
    syntax::{
        block::ImplBlock,
        parameters,
        pretty::pretty,
        source::{self, File},
        types,
    },
    text::server as text,
};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::format_ident;
use std::sync::Arc;
use syn::{
    GenericParam, Generics, Lifetime, PathArguments, Type, TypeParam,
    parse::{ParseStream, Parser},
    parse_quote,
};

const KEYWORDS: [&str; 5] = ["struct", "enum", "union", "type", "trait"];

/// Reports what the file shows to be wrong, and goes on as if it were not: with the parameters of the type, and without the
/// names that are taken.
pub(crate) fn check(server: &mut Server, block: &mut ImplBlock, d: &mut Diag) {
    if let Some(file) = File::of(&server.ident) {
        let server_name = server.ident.clone();
        look(server, block, &Around { file, server_name }, d);
    }
}

/// The file of a server, and the server's name, which has a place in it.
struct Around {
    file: Arc<File>,
    server_name: Ident,
}

fn look(server: &mut Server, block: &mut ImplBlock, around: &Around, d: &mut Diag) {
    let is_bare = |ty: &Type| {
        types::last_segment(ty).is_some_and(|last| matches!(last.arguments, PathArguments::None))
    };
    if is_bare(&server.self_ty)
        && let Some(declared) = around.declared(&server.ident, "<")
    {
        give_parameters(server, block, declared, d);
    }
    let is_taken = |name: &Ident| around.declared(name, "").is_some();
    let chosen = server.options.message.clone();
    let default = (chosen.is_none() && is_taken(&server.message)).then(|| server.message.clone());
    let ident = server.ident.clone();
    for name in server.generated_names() {
        if is_taken(name) {
            match (&chosen, &default) {
                (Some(chosen), _) if chosen == name => {
                    d.report(chosen, text::chosen_name_is_taken(&*name));
                }
                (_, Some(default)) if default == name => {
                    d.report(&ident, text::message_is_taken(&*name));
                }
                _ => d.report(&ident, text::name_is_taken(&*name)),
            }
            *name = format_ident!("__{name}");
        }
    }
    let generated: Vec<_> = server.generated_names().map(|name| name.clone()).collect();
    let is_ours = |api: &Ident| generated.contains(api);
    if let Some(api) = server
        .options
        .api
        .take_if(|api| is_taken(api) || is_ours(api))
    {
        d.report(&api, text::chosen_name_is_taken(&api));
    }
}

/// `impl S` of a `struct S<T>`.
fn give_parameters(
    server: &mut Server,
    block: &mut ImplBlock,
    declared: TokenStream,
    d: &mut Diag,
) {
    let with_rest = |input: ParseStream<'_>| {
        let generics: Generics = input.parse()?;
        input.parse::<TokenStream>().map(|_| generics)
    };
    let Ok(Generics { params, .. }) = with_rest.parse2(declared) else {
        return;
    };
    if params
        .iter()
        .any(|param| matches!(param, GenericParam::Lifetime(_)))
    {
        // Of a lifetime that is written there is a message already.
        let ident = &server.ident;
        let lifetime = Lifetime::new("'_", ident.span());
        server.self_ty = parse_quote!(#ident<#lifetime>);
        block.self_ty = server.self_ty.clone();
        return;
    }
    let has_default = |param: &GenericParam| match param {
        GenericParam::Type(param) => param.default.is_some(),
        GenericParam::Const(param) => param.default.is_some(),
        GenericParam::Lifetime(_) => false,
    };
    if params.iter().all(has_default) {
        return;
    }
    let mut params: Vec<GenericParam> = params.into_iter().map(owned).collect();
    let declared = &server.generics.params;
    if declared.len() == params.len() {
        params = declared.iter().cloned().collect();
    }
    let names = params.iter().map(parameters::name);
    let ident = &server.ident;
    let ty: Type = parse_quote!(#ident<#(#names),*>);
    let shown: TokenStream = parse_quote!(impl<#(#params),*> #ty);
    d.report(
        &server.self_ty,
        text::parameters_left_out(ident, &pretty(&shown)),
    );
    for generics in [&mut server.generics, &mut block.generics] {
        generics.params = params.iter().cloned().collect();
    }
    server.self_ty = ty.clone();
    block.self_ty = ty;
}

/// The parameter of an impl for the parameter of a type.
fn owned(param: GenericParam) -> GenericParam {
    match param {
        GenericParam::Type(TypeParam {
            ident, mut bounds, ..
        }) => {
            bounds.push(parse_quote!(Send));
            bounds.push(parse_quote!('static));
            parse_quote!(#ident: #bounds)
        }
        GenericParam::Const(param) => {
            let (ident, ty) = (param.ident, param.ty);
            parse_quote!(const #ident: #ty)
        }
        lifetime => lifetime,
    }
}

impl Around {
    /// What follows the name of a type or trait in the scope of the block; it begins with `after`.
    fn declared(&self, name: &Ident, after: &str) -> Option<TokenStream> {
        if !self.file.may_declare(name, after) {
            return None;
        }
        let tokens = source::scopes_of(&self.file.text, &self.server_name)?.pop()?;
        let found = tokens.windows(2).position(|pair| {
            matches!(pair, [TokenTree::Ident(keyword), TokenTree::Ident(found)]
                if found == name && KEYWORDS.iter().any(|known| keyword == known))
        });
        let at = found?;
        // One under `cfg` may not be there.
        let visibility = source::before_visibility(&tokens[..at]);
        let attributes = source::attributes(visibility);
        let is_conditional = attributes.iter().any(|attr| source::mentions(attr, "cfg"));
        (!is_conditional).then(|| tokens[at + 2..].iter().cloned().collect())
    }
}
