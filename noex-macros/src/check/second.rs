//! A second `#[gen_server]` impl of one type, and a second tree of one name.
//!
//! A macro sees one of them alone, and rustc would report all that both generate. So the source is asked, but only in a
//! file that has one of this name already, in whatever scope.

use crate::syntax::{block::ImplBlock, pretty::pretty, source, types};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// What there may be one of in a scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Server,
    Tree,
}

static SEEN: Mutex<BTreeSet<(PathBuf, What, String)>> = Mutex::new(BTreeSet::new());

/// The type of the server beside which the one stands whose impl has this name.
pub(crate) fn other_server(name: &Ident) -> Option<String> {
    let found = servers(&scope(What::Server, name)?, &name.to_string());
    (found.len() > 1).then(|| found.into_iter().next())?
}

/// Whether the tree that has this name stands beside another one.
pub(crate) fn is_second_tree(name: &Ident) -> bool {
    let scope = scope(What::Tree, name);
    scope.is_some_and(|scope| trees(&scope, &name.to_string()) > 1)
}

/// The scope of one whose name was seen before in its file.
fn scope(what: What, name: &Ident) -> Option<Vec<TokenTree>> {
    let file = source::path_of(name)?;
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.insert((file.clone(), what, name.to_string())) {
        return None;
    }
    let mut scopes = source::scopes_of(&fs::read_to_string(file).ok()?, name)?;
    if what == What::Tree {
        // That of its macro.
        scopes.pop();
    }
    scopes.pop()
}

/// The types of the servers called `name` in this scope. One under `cfg` may not be there.
fn servers(tokens: &[TokenTree], name: &str) -> Vec<String> {
    let impls = tokens.iter().enumerate();
    let impls =
        impls.filter(|(_, token)| matches!(token, TokenTree::Ident(word) if word == "impl"));
    let found = impls.filter_map(|(at, _)| {
        let attributes = source::attributes(&tokens[..at]);
        let has = |word: &str| attributes.iter().any(|attribute| source::mentions(attribute, word));
        let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let end = at + tokens[at..].iter().position(is_body)?;
        if !has("gen_server") || has("cfg") {
            return None;
        }
        let block: ImplBlock = syn::parse2(tokens[at..=end].iter().cloned().collect()).ok()?;
        let is_named = types::last_segment(&block.self_ty)?.ident == name;
        is_named.then(|| pretty(&block.self_ty))
    });
    found.collect()
}

/// How many trees of this scope are called `name`. One under `cfg` may not be there.
fn trees(tokens: &[TokenTree], name: &str) -> usize {
    let is_path = |token: &&TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    let is_one = |(at, window): (usize, &[TokenTree])| match window {
        [
            TokenTree::Ident(word),
            TokenTree::Punct(bang),
            TokenTree::Group(body),
        ] if word == "supervisor" && bang.as_char() == '!' => {
            let path = tokens[..at].iter().rev().take_while(is_path).count();
            let outer = source::attributes(&tokens[..at - path]);
            let is_conditional = outer.iter().any(|attr| source::mentions(attr, "cfg"));
            !is_conditional && is_tree(body.stream(), name)
        }
        _ => false,
    };
    let windows = tokens.windows(3).enumerate();
    windows.filter(|window| is_one(*window)).count()
}

/// Whether this is a tree called `name`, not under `cfg`.
fn is_tree(body: TokenStream, name: &str) -> bool {
    let body: Vec<_> = body.into_iter().collect();
    let is_keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "struct");
    let Some(keyword) = body.iter().position(is_keyword) else {
        return false;
    };
    let is_conditional = |token: &TokenTree| match token {
        TokenTree::Group(group) => source::mentions(&group.stream(), "cfg"),
        _ => false,
    };
    matches!(body.get(keyword + 1), Some(TokenTree::Ident(own)) if own == name)
        && !body[..keyword].iter().any(is_conditional)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(source: &str) -> Vec<TokenTree> {
        let source: TokenStream = source.parse().expect("tokens");
        source.into_iter().collect()
    }

    #[test]
    fn servers_of_one_scope_are_found() {
        let source = "#[gen_server] impl S { fn a() {} } struct T; \
             #[noex::gen_server(print)] #[x] impl m::S<u8> { fn b() {} }";
        assert_eq!(servers(&tokens(source), "S"), ["S", "m::S<u8>"]);
    }

    #[test]
    fn blocks_that_need_not_meet_are_none() {
        for other in [
            "mod m { #[gen_server] impl S { fn b() {} } }",
            "fn m() { #[gen_server] impl S { fn b() {} } }",
            "impl S { fn a() {} }",
            "#[gen_server] impl T { fn a() {} }",
            "#[gen_server] #[cfg(windows)] impl S { fn a() {} }",
        ] {
            let source = format!("{other} #[gen_server] impl S {{ fn b() {{}} }}");
            assert_eq!(servers(&tokens(&source), "S").len(), 1, "{other}");
        }
    }

    #[test]
    fn trees_of_one_scope_are_found() {
        let own = "supervisor! { struct S() { b: B() } }";
        let one = "noex::supervisor! { pub struct S { a: A() } }";
        assert_eq!(trees(&tokens(&format!("{one} {own}")), "S"), 2);
        for other in [
            "mod m { supervisor! { struct S() { b: B() } } }",
            "supervisor! { struct T() { a: A() } }",
            "#[cfg(windows)] noex::supervisor! { struct S() { a: A() } }",
            "supervisor! { #[cfg(windows)] struct S() { a: A() } }",
            "struct S;",
        ] {
            assert_eq!(trees(&tokens(&format!("{other} {own}")), "S"), 1, "{other}");
        }
    }
}
