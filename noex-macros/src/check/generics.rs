//! Type parameters of a server. Its state moves between threads, and lives as long as it likes.

use crate::{
    diag::Diag,
    model::server::Server,
    syntax::{
        block::{ImplBlock, Member},
        parameters::{mentions, name},
        pretty::pretty,
    },
    text::server as text,
};
use proc_macro2::Ident;
use syn::{
    ConstParam, GenericParam, Generics, TypeParam, TypeParamBound, WherePredicate, parse_quote,
};

/// Traits that every reader knows not to ask for `Send` or `'static`. Any other may.
const WEAK: [&str; 19] = [
    "AsRef",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "Display",
    "Eq",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Hash",
    "Into",
    "Iterator",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Sized",
];

/// Reports parameters of the block that the server does not have, and goes on without them.
pub(crate) fn drop_unused(server: &mut Server, block: &mut ImplBlock, d: &mut Diag) {
    let written = pretty(&server.self_ty);
    let is_unused = |param: &GenericParam| match param {
        GenericParam::Type(TypeParam { ident, .. })
        | GenericParam::Const(ConstParam { ident, .. }) => !mentions(&server.self_ty, ident),
        GenericParam::Lifetime(_) => false,
    };
    let params = &server.generics.params;
    let unused: Vec<Ident> = params
        .iter()
        .filter(|param| is_unused(param))
        .map(name)
        .collect();
    for ident in &unused {
        d.report(ident, text::unused_parameter(&written, ident));
    }
    for generics in [&mut server.generics, &mut block.generics] {
        let kept = std::mem::take(&mut generics.params).into_iter();
        generics.params = kept
            .filter(|param| !unused.contains(&name(param)))
            .collect();
        if let Some(clause) = &mut generics.where_clause {
            let kept = std::mem::take(&mut clause.predicates).into_iter();
            let is_about =
                |predicate: &WherePredicate| unused.iter().any(|ident| mentions(predicate, ident));
            clause.predicates = kept.filter(|predicate| !is_about(predicate)).collect();
        }
    }
    // What mentions them all the same is left out, as rustc has no name for it.
    block.members.retain(|member| match member {
        Member::Fn(method) => !unused.iter().any(|ident| mentions(&method.sig, ident)),
        Member::Other(_) => true,
    });
    server
        .handlers
        .retain(|handler| !unused.iter().any(|ident| mentions(&handler.sig, ident)));
}

/// Reports parameters that may borrow, and goes on as if they could not.
pub(crate) fn check(generics: &mut Generics, d: &mut Diag) {
    let clause = generics.where_clause.clone();
    let predicates: Vec<_> = clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .collect();
    for param in generics.type_params_mut() {
        let elsewhere = predicates.iter().filter_map(|predicate| match predicate {
            WherePredicate::Type(ty) if param.ident == pretty(&ty.bounded_ty) => Some(&ty.bounds),
            _ => None,
        });
        let bounds = param.bounds.iter().chain(elsewhere.flatten());
        if bounds.clone().all(is_weak) {
            let written: Vec<_> = bounds.map(pretty).collect();
            d.report(&param.ident, text::weak_parameter(&param.ident, &written));
            strengthen(param);
        }
    }
}

fn is_weak(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    let last = bound.path.segments.last();
    last.is_some_and(|last| {
        last.ident == "Send" || last.ident == "Sync" || WEAK.iter().any(|weak| last.ident == weak)
    })
}

fn strengthen(param: &mut TypeParam) {
    param.bounds.push(parse_quote!(::core::marker::Send));
    param.bounds.push(parse_quote!('static));
}
