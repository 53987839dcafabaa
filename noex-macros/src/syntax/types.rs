//! Questions about types that syntax alone can answer.

use syn::{
    GenericArgument, Lifetime, PathArguments, PathSegment, Type, TypeImplTrait, TypeParamBound,
    TypeReference, punctuated::Punctuated,
};

/// The last segment of a path type: `Ctx<Self>` of `noex::Ctx<Self>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Paren(inner) => last_segment(&inner.elem),
        Type::Group(inner) => last_segment(&inner.elem),
        _ => None,
    }
}

/// The last segment of a type that is a `Result` by name.
pub(crate) fn result(ty: &Type) -> Option<&PathSegment> {
    last_segment(ty).filter(|segment| segment.ident == "Result")
}

/// True when the type, or what it refers to, ends in `name`.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(behind_reference(ty)).is_some_and(|segment| segment.ident == name)
}

/// `Self`, also in `Result<Self, E>`, `Init<Self>` and the like.
pub(crate) fn is_self(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| {
        segment.ident == "Self" || type_arguments(segment).into_iter().any(is_self)
    })
}

/// `T` of `&T` and of `&mut T`.
pub(crate) fn behind_reference(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => behind_reference(&reference.elem),
        Type::Paren(inner) => behind_reference(&inner.elem),
        Type::Group(inner) => behind_reference(&inner.elem),
        other => other,
    }
}

/// `'a` of `&'a T`, also `'static`.
pub(crate) fn named_lifetime(lent: &TypeReference) -> Option<&Lifetime> {
    lent.lifetime.as_ref().filter(|name| name.ident != "_")
}

/// The same, to be changed.
pub(crate) fn behind_reference_mut(ty: &mut Type) -> &mut Type {
    match ty {
        Type::Reference(reference) => behind_reference_mut(&mut reference.elem),
        other => other,
    }
}

/// A type of this name, anywhere in it.
pub(crate) fn mentions(ty: &Type, name: &str) -> bool {
    let ty = behind_reference(ty);
    let inner = type_arguments_of(ty);
    is_named(ty, name) || inner.into_iter().any(|ty| mentions(ty, name))
}

/// `Box<Self>` and the like, also in `Result<Box<Self>, E>`.
pub(crate) fn wrapped_self(ty: &Type) -> Option<&Type> {
    const WRAPPERS: [&str; 7] = ["Arc", "Box", "Mutex", "Pin", "Rc", "RefCell", "RwLock"];
    let last = last_segment(ty)?;
    if WRAPPERS.iter().any(|known| last.ident == known) {
        return is_self(ty).then_some(ty);
    }
    let inner = type_arguments(last);
    let inner = inner
        .into_iter()
        .filter(|_| last.ident == "Result" || last.ident == "Init");
    inner.into_iter().find_map(wrapped_self)
}

/// The type arguments of a segment: `[u64, TooBig]` of `Result<u64, TooBig>`.
pub(crate) fn type_arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// The type arguments of a type: `[u64, TooBig]` of `Result<u64, TooBig>`.
pub(crate) fn type_arguments_of(ty: &Type) -> Vec<&Type> {
    last_segment(ty).map(type_arguments).unwrap_or_default()
}

/// `Reply<T>` of `&Reply<T>` and of `Option<Reply<T>>`.
pub(crate) fn wrapped_reply(ty: &Type) -> Option<&Type> {
    if let Type::Reference(_) = ty {
        return Some(behind_reference(ty));
    }
    let mut arguments = type_arguments_of(ty).into_iter();
    arguments.find(|ty| is_named(ty, "Reply"))
}

/// `&mut Context<Self>`
pub(crate) fn is_of_self(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else {
        return false;
    };
    let arguments = type_arguments_of(&reference.elem);
    matches!(arguments[..], [argument] if is_named(argument, "Self"))
}

/// `X` of `impl Future<Output = X>`, `Pin<Box<dyn Future<Output = X>>>` and the like.
pub(crate) fn future_output(ty: &Type) -> Option<&Type> {
    match ty {
        Type::ImplTrait(ty) => output_of_bounds(&ty.bounds),
        Type::TraitObject(ty) => output_of_bounds(&ty.bounds),
        Type::Paren(inner) => future_output(&inner.elem),
        Type::Group(inner) => future_output(&inner.elem),
        other => type_arguments(last_segment(other)?)
            .into_iter()
            .find_map(future_output),
    }
}

/// Whether a future says that it borrows nothing.
pub(crate) fn is_static(future: &TypeImplTrait) -> bool {
    future.bounds.iter().any(|bound| match bound {
        TypeParamBound::Lifetime(lifetime) => lifetime.ident == "static",
        TypeParamBound::PreciseCapture(_) => true,
        _ => false,
    })
}

/// `X` of `impl Iterator<Item = X>`.
pub(crate) fn iterator_item(ty: &Type) -> Option<&Type> {
    let Type::ImplTrait(ty) = ty else { return None };
    argument_of_bounds(&ty.bounds, "Iterator", "Item")
}

fn output_of_bounds<P>(bounds: &Punctuated<TypeParamBound, P>) -> Option<&Type> {
    argument_of_bounds(bounds, "Future", "Output")
}

fn argument_of_bounds<'a, P>(
    bounds: &'a Punctuated<TypeParamBound, P>,
    of: &str,
    name: &str,
) -> Option<&'a Type> {
    let paths = bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    });
    let mut found = paths.filter(|segment| segment.ident == of);
    let PathArguments::AngleBracketed(list) = &found.next()?.arguments else {
        return None;
    };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(argument) if argument.ident == name => Some(&argument.ty),
        _ => None,
    })
}

/// Calls `found` with each lifetime that ties the type to somebody's borrow. Those of functions
/// and trait objects bind their own and are left alone.
pub(crate) fn lifetimes<'a>(ty: &'a Type, found: &mut dyn FnMut(&'a Lifetime)) {
    let named = |lifetime: &'a Lifetime, found: &mut dyn FnMut(&'a Lifetime)| {
        if lifetime.ident != "static" {
            found(lifetime);
        }
    };
    match ty {
        Type::Path(path) => {
            for segment in &path.path.segments {
                let PathArguments::AngleBracketed(list) = &segment.arguments else {
                    continue;
                };
                for argument in &list.args {
                    match argument {
                        GenericArgument::Lifetime(lifetime) => named(lifetime, found),
                        GenericArgument::Type(ty) => lifetimes(ty, found),
                        _ => {}
                    }
                }
            }
        }
        Type::Reference(reference) => {
            if let Some(lifetime) = &reference.lifetime {
                named(lifetime, found);
            }
            lifetimes(&reference.elem, found);
        }
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| lifetimes(ty, found)),
        Type::Array(array) => lifetimes(&array.elem, found),
        Type::Slice(slice) => lifetimes(&slice.elem, found),
        Type::Paren(inner) => lifetimes(&inner.elem, found),
        Type::Group(inner) => lifetimes(&inner.elem, found),
        _ => {}
    }
}

/// A type of the standard library, by its path or by a name that nobody gives to a server.
pub(crate) fn is_foreign(ty: &Type) -> bool {
    const NAMES: [&str; 11] = [
        "Arc", "BTreeMap", "BTreeSet", "Box", "HashMap", "HashSet", "Option", "Rc", "String",
        "Vec", "VecDeque",
    ];
    const CRATES: [&str; 3] = ["alloc", "core", "std"];
    let Type::Path(path) = ty else {
        return matches!(ty, Type::Tuple(_) | Type::Array(_) | Type::Slice(_));
    };
    let mut segments = path.path.segments.iter();
    let Some(first) = segments.next() else {
        return false;
    };
    let known: &[&str] = match segments.next() {
        Some(_) => &CRATES,
        None => &NAMES,
    };
    let is_primitive = matches!(
        first.ident.to_string().as_str(),
        "bool"
            | "char"
            | "str"
            | "f32"
            | "f64"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
    );
    path.qself.is_none() && (is_primitive || known.iter().any(|known| first.ident == known))
}

/// What handlers are lent in other libraries: `&mut Context<Self>`.
pub(crate) fn is_other_context(ty: &Type) -> bool {
    let is_lent = matches!(ty, Type::Reference(reference) if reference.mutability.is_some());
    let names = ["ActorContext", "AsyncContext", "Context"];
    is_lent && names.iter().any(|name| is_named(ty, name))
}

/// A reference that borrows, anywhere in the type: `&str`, `Option<&str>`, but not `&'static str`.
pub(crate) fn borrow(ty: &Type) -> Option<&TypeReference> {
    match ty {
        Type::Reference(reference) => match &reference.lifetime {
            Some(lifetime) if lifetime.ident == "static" => borrow(&reference.elem),
            _ => Some(reference),
        },
        Type::Tuple(tuple) => tuple.elems.iter().find_map(borrow),
        Type::Array(array) => borrow(&array.elem),
        Type::Slice(slice) => borrow(&slice.elem),
        Type::Paren(inner) => borrow(&inner.elem),
        Type::Group(inner) => borrow(&inner.elem),
        other => type_arguments(last_segment(other)?)
            .into_iter()
            .find_map(borrow),
    }
}

/// `impl Trait` or `_`, anywhere that a name is needed.
pub(crate) fn nameless(ty: &Type) -> Option<&Type> {
    match ty {
        Type::ImplTrait(_) | Type::Infer(_) => Some(ty),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(nameless),
        Type::Reference(reference) => nameless(&reference.elem),
        Type::Array(array) => nameless(&array.elem),
        Type::Slice(slice) => nameless(&slice.elem),
        Type::Paren(inner) => nameless(&inner.elem),
        Type::Group(inner) => nameless(&inner.elem),
        other => type_arguments(last_segment(other)?)
            .into_iter()
            .find_map(nameless),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{mend::owned, pretty::pretty};

    fn ty(text: &str) -> Type {
        syn::parse_str(text).expect("a type")
    }

    #[test]
    fn futures_are_seen_through_their_boxes() {
        for text in [
            "impl Future<Output = Rows> + Send + 'static",
            "impl ::core::future::Future<Output = Rows>",
            "Pin<Box<dyn Future<Output = Rows> + Send>>",
        ] {
            let ty = ty(text);
            let output = future_output(&ty).expect(text);
            assert_eq!(pretty(output), "Rows");
        }
        assert!(future_output(&ty("u64")).is_none());
        assert!(future_output(&ty("impl Iterator<Item = u8>")).is_none());
    }

    #[test]
    fn borrows_are_found_anywhere_and_given_an_owner() {
        let owner = |text: &str| borrow(&ty(text)).map(|found| pretty(owned(found)));
        assert_eq!(owner("&str").as_deref(), Some("String"));
        assert_eq!(owner("Option<&[u8]>").as_deref(), Some("Vec<u8>"));
        assert_eq!(owner("&std::path::Path").as_deref(), Some("PathBuf"));
        assert_eq!(owner("&'static str"), None);
        assert_eq!(owner("fn(&str) -> &str"), None);
    }

    #[test]
    fn lifetimes_other_than_static_are_found() {
        let count = |text: &str| {
            let mut count = 0;
            lifetimes(&ty(text), &mut |_| count += 1);
            count
        };
        assert_eq!(count("Cow<'a, str>"), 1);
        assert_eq!(count("Vec<(Cow<'_, str>, &'b u8)>"), 2);
        assert_eq!(count("Cow<'static, str>"), 0);
        assert_eq!(count("Box<dyn for<'x> Fn(&'x u8)>"), 0);
    }
}
