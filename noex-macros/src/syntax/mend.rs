//! Types that cannot travel from one thread to another, and what they could be instead.

use super::types::{borrow, is_named, last_segment, type_arguments};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    GenericArgument, PathArguments, Type, TypeParamBound, TypeTraitObject, parse_quote, parse2,
};

/// A part of the type that another thread cannot have, as far as syntax shows it: `Rc<T>`, a raw pointer, `dyn Error`.
pub(crate) fn unsendable(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Ptr(_) => Some(ty),
        Type::TraitObject(object) => lacks_send(object).then_some(ty),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(unsendable),
        Type::Array(array) => unsendable(&array.elem),
        Type::Slice(slice) => unsendable(&slice.elem),
        Type::Paren(inner) => unsendable(&inner.elem),
        Type::Group(inner) => unsendable(&inner.elem),
        other => {
            let segment = last_segment(other)?;
            if segment.ident == "Rc" {
                return Some(ty);
            }
            type_arguments(segment).into_iter().find_map(unsendable)
        }
    }
}

/// A trait of the standard library, which does not ask for `Send`, and nothing beside it that may.
fn lacks_send(object: &TypeTraitObject) -> bool {
    const KNOWN: [&str; 11] = [
        "Any", "Debug", "Display", "Error", "Fn", "FnMut", "FnOnce", "Future", "Iterator", "Read",
        "Write",
    ];
    let mut known = false;
    for bound in &object.bounds {
        let TypeParamBound::Trait(bound) = bound else {
            continue;
        };
        match bound.path.segments.last() {
            Some(last) if KNOWN.iter().any(|known| last.ident == known) => known = true,
            Some(last) if last.ident == "Sync" || last.ident == "Unpin" => {}
            _ => return false,
        }
    }
    known
}

/// The type as it can leave the server: what it borrows is owned, and what [`unsendable`] finds in it is fit for other
/// threads, where it is clear how.
pub(crate) fn mended(ty: &Type) -> Type {
    let mut ty = ty.clone();
    mend(&mut ty);
    ty
}

fn mend(ty: &mut Type) {
    match ty {
        Type::Reference(reference) if borrow(&Type::Reference(reference.clone())).is_some() => {
            *ty = parse2(owned(reference)).unwrap_or_else(|_| (*reference.elem).clone());
            mend(ty);
        }
        Type::TraitObject(object) if lacks_send(object) => {
            object.bounds.push(parse_quote!(Send));
            // As `?` converts errors.
            let is_error = |bound: &TypeParamBound| {
                matches!(bound, TypeParamBound::Trait(bound)
                if bound.path.segments.last().is_some_and(|last| last.ident == "Error"))
            };
            if object.bounds.iter().any(is_error) {
                object.bounds.push(parse_quote!(Sync));
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(mend),
        Type::Array(array) => mend(&mut array.elem),
        Type::Slice(slice) => mend(&mut slice.elem),
        Type::Paren(inner) => mend(&mut inner.elem),
        Type::Group(inner) => mend(&mut inner.elem),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last_mut() else {
                return;
            };
            if let PathArguments::AngleBracketed(list) = &mut last.arguments {
                for argument in &mut list.args {
                    if let GenericArgument::Type(ty) = argument {
                        mend(ty);
                    }
                }
            }
            if last.ident == "Rc" {
                let arguments = &last.arguments;
                *ty = parse_quote!(std::sync::Arc #arguments);
            }
        }
        _ => {}
    }
}

/// Made only of types that everyone knows, which own what they hold and may be sent.
pub(crate) fn is_plain(ty: &Type) -> bool {
    const KNOWN: [&str; 28] = [
        "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
        "i128", "isize", "f32", "f64", "String", "PathBuf", "Duration", "Instant", "Vec",
        "VecDeque", "Option", "Result", "HashMap", "HashSet", "BTreeMap", "BTreeSet",
    ];
    match ty {
        Type::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        Type::Array(array) => is_plain(&array.elem),
        Type::Paren(inner) => is_plain(&inner.elem),
        Type::Group(inner) => is_plain(&inner.elem),
        Type::Reference(_) => borrow(ty).is_none() && is_named(ty, "str"),
        other => last_segment(other).is_some_and(|segment| {
            KNOWN.iter().any(|known| segment.ident == known)
                && type_arguments(segment).into_iter().all(is_plain)
        }),
    }
}

/// `String` for `str`, `Box<dyn Trait + Send>` for `dyn Trait`: what can hold a type whose size is not known.
pub(crate) fn owner_of_unsized(ty: &Type) -> Option<Type> {
    let owner = match ty {
        Type::TraitObject(object) => quote!(Box<#object>),
        Type::Slice(_) => owned(&parse_quote!(&#ty)),
        Type::Path(path) => {
            let names = ["str", "Path", "OsStr"];
            names.iter().find(|name| path.path.is_ident(name))?;
            owned(&parse_quote!(&#ty))
        }
        _ => return None,
    };
    parse2(owner).ok().map(|owner| mended(&owner))
}

/// The type that owns what `reference` borrows: `String` for `&str`.
pub(crate) fn owned(reference: &syn::TypeReference) -> TokenStream {
    match &*reference.elem {
        Type::Path(path) if path.path.is_ident("str") => quote!(String),
        Type::Path(_) if is_named(&reference.elem, "Path") => quote!(PathBuf),
        Type::Path(_) if is_named(&reference.elem, "OsStr") => quote!(OsString),
        Type::Slice(slice) => {
            let element = &slice.elem;
            quote!(Vec<#element>)
        }
        Type::TraitObject(object) => quote!(Box<#object>),
        other => other.to_token_stream(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::pretty::pretty;

    fn ty(text: &str) -> Type {
        syn::parse_str(text).expect("a type")
    }

    #[test]
    fn what_another_thread_cannot_have_is_found_and_mended() {
        let mended = |text: &str| {
            let ty = ty(text);
            unsendable(&ty)?;
            Some(pretty(mended(&ty)))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            mended("Option<std::rc::Rc<u8>>"),
            some("Option<std::sync::Arc<u8>>")
        );
        assert_eq!(
            mended("Result<u8, Box<dyn std::error::Error>>"),
            some("Result<u8, Box<dyn std::error::Error + Send + Sync>>")
        );
        assert_eq!(
            mended("Box<dyn FnOnce(u8) -> u8>"),
            some("Box<dyn FnOnce(u8) -> u8 + Send>")
        );
        assert_eq!(mended("*const u8"), some("*const u8"));
        for text in [
            "Box<dyn Error + Send>",
            "Box<dyn Key>",
            "Vec<u8>",
            "fn(Rc<u8>)",
        ] {
            assert_eq!(mended(text), None);
        }
    }
}
