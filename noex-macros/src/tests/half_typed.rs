//! While someone types, the rest of the file stays as it is.

use super::{SERVER, TREE, errors, inside_braces, tokens};
use crate::{expand, tree};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The beginnings of these tokens, cut at each token in them, however deep. An editor closes what is open.
fn beginnings(tokens: &[TokenTree]) -> Vec<TokenStream> {
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = || tokens[..at].iter().cloned();
        out.push(before().collect());
        let TokenTree::Group(group) = token else {
            continue;
        };
        let inner: Vec<_> = group.stream().into_iter().collect();
        for beginning in beginnings(&inner) {
            let mut cut = Group::new(group.delimiter(), beginning);
            cut.set_span(group.span());
            out.push(before().chain([TokenTree::Group(cut)]).collect());
        }
    }
    out
}

/// Cuts the content of braces into its members: each ends with braces or `;`, in a tree also with `,`.
fn members(body: TokenStream, ends: &str) -> Vec<Vec<TokenTree>> {
    let mut members = vec![Vec::new()];
    let mut angles = 0;
    for token in body {
        let is_end = match &token {
            TokenTree::Punct(punct) => {
                angles += match punct.as_char() {
                    '<' => 1,
                    '>' if angles > 0 => -1,
                    _ => 0,
                };
                angles == 0 && ends.contains(punct.as_char())
            }
            TokenTree::Group(group) => ends == ";" && group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        members.last_mut().expect("one at least").push(token);
        if is_end {
            members.push(Vec::new());
        }
    }
    members.retain(|member| !member.is_empty());
    members
}

/// All of `whole` with member number `at` cut short in each possible way.
fn cut_short(whole: &str, ends: &str) -> Vec<(usize, TokenStream, TokenStream)> {
    let whole = tokens(whole);
    let members = members(inside_braces(&whole), ends);
    let mut out = Vec::new();
    for (at, member) in members.iter().enumerate() {
        for beginning in beginnings(member) {
            let before = members[..at].iter().flatten().cloned();
            let after = members[at + 1..].iter().flatten().cloned();
            let body = before.chain(beginning.clone()).chain(after).collect();
            let mut all: Vec<_> = whole.clone().into_iter().collect();
            all.pop();
            all.push(TokenTree::Group(Group::new(Delimiter::Brace, body)));
            out.push((at, beginning, all.into_iter().collect()));
        }
    }
    assert!(out.len() > 150, "{}", out.len());
    out
}

/// What a beginning that is nothing but attributes belongs to, is the next member.
fn has_only_attributes(beginning: &TokenStream) -> bool {
    let mut tokens = beginning.clone().into_iter();
    tokens.all(|token| match token {
        TokenTree::Punct(punct) => punct.as_char() == '#',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
        _ => false,
    })
}

#[test]
fn a_half_typed_member_of_a_server_costs_no_other() {
    let methods = ["get", "add", "wait", "query", "clear"];
    let variants = ["Get", "Add", "Wait", "Query", "Reset", "Tick", "Warm"];
    for (at, beginning, item) in cut_short(SERVER.1, ";") {
        let out = expand::gen_server(tokens(SERVER.0), item);
        let count = errors(&out).len();
        let text = out.to_string();
        // The next member has the attributes of both.
        let is_joined = has_only_attributes(&beginning);
        let spared = at + usize::from(is_joined);
        // The handler of the option `idle` may be gone.
        let most = 1 + usize::from(spared >= 8 && at <= 8) + 2 * usize::from(is_joined);
        assert!(count <= most, "{beginning}: {count} errors: {text}");
        for (n, (method, variant)) in methods.iter().zip(variants).enumerate() {
            if [at, spared].contains(&(n + 1)) {
                continue;
            }
            assert!(
                text.contains(&format!("fn {method} (& self ,"))
                    || text.contains(&format!("fn {method} (& self)")),
                "{method} after: {beginning}"
            );
            assert!(
                text.contains(&format!("__M :: {variant} {{")),
                "{variant} after: {beginning}"
            );
        }
    }
}

#[test]
fn half_typed_options_cost_no_handler() {
    let item = tokens(SERVER.1);
    let options: Vec<_> = tokens(SERVER.0).into_iter().collect();
    for beginning in beginnings(&options) {
        let out = expand::gen_server(beginning.clone(), item.clone());
        let count = errors(&out).len();
        // Without the option `idle`, the half on the struct may have it.
        assert!(count <= 1, "{beginning}: {count} errors");
        assert!(out.to_string().contains("__M :: Get {"), "{beginning}");
    }
}

#[test]
fn a_half_typed_child_costs_no_other() {
    let children = [
        "db", "cache", "legacy", "workers", "sessions", "web", "other",
    ];
    for (at, beginning, item) in cut_short(TREE, ",;") {
        let out = tree::expand(item);
        let text = out.to_string();
        let count = errors(&out).len();
        syn::parse2::<syn::File>(out)
            .unwrap_or_else(|error| panic!("{beginning}: {error}: {text}"));
        for (n, child) in children.iter().enumerate() {
            if n == at || has_only_attributes(&beginning) && n == at + 1 {
                continue;
            }
            assert!(
                text.contains(&format!("fn {child} (& self)")),
                "{child} after: {beginning}"
            );
        }
        // What needs the child that is not there yet is no mistake of ours.
        assert!(count <= 2, "{beginning}: {count} errors: {text}");
    }
}

#[test]
fn a_half_typed_header_is_one_error() {
    let whole: Vec<_> = tokens(TREE).into_iter().collect();
    for beginning in beginnings(&whole) {
        let out = tree::expand(beginning.clone());
        let text = out.to_string();
        let count = errors(&out).len();
        // Before its `struct` it is an expression.
        let is_read =
            syn::parse2::<syn::File>(out.clone()).is_ok() || syn::parse2::<syn::Expr>(out).is_ok();
        assert!(is_read, "{beginning}: {text}");
        assert!(count <= 2, "{beginning}: {count} errors: {text}");
    }
}
