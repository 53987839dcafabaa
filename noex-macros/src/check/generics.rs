//! Type parameters of a server. Its state moves between threads, and lives as long as it likes.

use crate::{diag::Diag, syntax::pretty::pretty, text::server as text};
use syn::{Generics, TypeParam, TypeParamBound, WherePredicate, parse_quote};

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
