//! A second `#[gen_server]` impl of one type.
//!
//! A macro sees one block alone, and rustc would report all that both generate. So the source is asked, but only in a
//! file that has a server of this name already, in whatever scope.

use crate::syntax::{block::ImplBlock, types};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

static SERVERS: Mutex<BTreeSet<(PathBuf, String)>> = Mutex::new(BTreeSet::new());

/// Whether `item`, the impl of a server called `name`, stands beside another one.
pub(crate) fn is_second(name: &Ident, item: &TokenStream) -> bool {
    let is_known = proc_macro::is_available().then(|| name.span().unwrap().local_file());
    let Some(file) = is_known.flatten() else {
        return false;
    };
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if servers.insert((file.clone(), name.to_string())) {
        return false;
    }
    let source = fs::read_to_string(file).ok();
    let source = source.and_then(|source| source.parse().ok());
    source.is_some_and(|source| has_two(source, &name.to_string(), item))
}

/// Whether one scope of the source has two servers called `name`, and `item` is one of them.
fn has_two(source: TokenStream, name: &str, item: &TokenStream) -> bool {
    let Some(TokenTree::Group(body)) = item.clone().into_iter().last() else {
        return false;
    };
    let body = flat(body.stream());
    let tokens: Vec<_> = source.into_iter().collect();
    let found = servers(&tokens, name);
    if found.len() > 1 && found.iter().any(|found| flat(found.stream()) == body) {
        return true;
    }
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => has_two(group.stream(), name, item),
        _ => false,
    })
}

/// The bodies of the servers called `name` in this scope. One under `cfg` may not be there.
fn servers(tokens: &[TokenTree], name: &str) -> Vec<Group> {
    let impls = tokens.iter().enumerate();
    let impls =
        impls.filter(|(_, token)| matches!(token, TokenTree::Ident(word) if word == "impl"));
    let found = impls.filter_map(|(at, _)| {
        let attributes = attributes(&tokens[..at]);
        let has = |word: &str| attributes.iter().any(|attribute| mentions(attribute, word));
        let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let end = at + tokens[at..].iter().position(is_body)?;
        if !has("gen_server") || has("cfg") {
            return None;
        }
        let block: ImplBlock = syn::parse2(tokens[at..=end].iter().cloned().collect()).ok()?;
        let TokenTree::Group(body) = &tokens[end] else {
            return None;
        };
        let is_named = types::last_segment(&block.self_ty)?.ident == name;
        is_named.then(|| body.clone())
    });
    found.collect()
}

/// The attributes at the end of `before`, the last one first.
fn attributes(before: &[TokenTree]) -> Vec<TokenStream> {
    let pairs = before.rchunks_exact(2);
    let attributes = pairs.map_while(|pair| match pair {
        [TokenTree::Punct(hash), TokenTree::Group(attribute)] if hash.as_char() == '#' => {
            Some(attribute.stream())
        }
        _ => None,
    });
    attributes.collect()
}

/// Whether the path of an attribute has this word: `gen_server`, `noex::gen_server(..)`.
fn mentions(attribute: &TokenStream, word: &str) -> bool {
    let mut tokens = attribute.clone().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(ident) if ident == word))
}

/// Tokens as text, however they were spaced.
fn flat(tokens: TokenStream) -> String {
    let words = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => format!("{:?}{}", group.delimiter(), flat(group.stream())),
        other => format!("{other} "),
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(source: &str) -> bool {
        let item = "impl S { fn b() {} }".parse().expect("tokens");
        has_two(source.parse().expect("tokens"), "S", &item)
    }

    #[test]
    fn two_blocks_of_one_scope_are_found() {
        assert!(finds(
            "#[gen_server] impl S { fn a() {} } #[noex::gen_server(print)] #[x] impl S { fn b() {} }"
        ));
        assert!(finds(
            "mod m { #[gen_server] impl S { fn a() {} } struct T; #[gen_server] impl S { fn b(){} } }"
        ));
    }

    #[test]
    fn blocks_that_need_not_meet_are_none() {
        for other in [
            "mod m { #[gen_server] impl S { fn a() {} } }",
            "fn m() { #[gen_server] impl S { fn a() {} } }",
            "impl S { fn a() {} }",
            "#[gen_server] impl T { fn a() {} }",
            "#[gen_server] #[cfg(windows)] impl S { fn a() {} }",
            "#[gen_server] impl S { fn a() {} } #[gen_server] impl S { fn c() {} } mod m;",
        ] {
            let own = "#[gen_server] impl S { fn b() {} }";
            let own = if other.contains("mod m;") {
                format!("mod n {{ {own} }}")
            } else {
                own.to_owned()
            };
            assert!(!finds(&format!("{other} {own}")), "{other}");
        }
    }
}
