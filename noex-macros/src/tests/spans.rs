//! Where generated names come from: there an editor jumps to, and there the compiler points.

use super::{SERVER, TREE, errors, tokens};
use crate::{expand, tree};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// The text that a span covers, and where it is.
fn at(span: Span) -> (usize, usize, String) {
    let start = span.start();
    (
        start.line,
        start.column,
        span.source_text().unwrap_or_default(),
    )
}

/// All words of this name in order.
fn words(tokens: TokenStream, name: &str) -> Vec<Ident> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) if word == name => found.push(word),
            TokenTree::Group(group) => found.extend(words(group.stream(), name)),
            _ => {}
        }
    }
    found
}

/// The names that follow `fn`.
fn functions(tokens: TokenStream, name: &str) -> Vec<Ident> {
    let mut found = Vec::new();
    let mut after_fn = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(word) if after_fn && word == name => found.push(word.clone()),
            TokenTree::Group(group) => found.extend(functions(group.stream(), name)),
            _ => {}
        }
        after_fn = matches!(&token, TokenTree::Ident(word) if word == "fn");
    }
    found
}

#[test]
fn a_method_of_the_ref_is_the_handler_for_an_editor() {
    let item = tokens(SERVER.1);
    let out = expand::gen_server(tokens(SERVER.0), item.clone());
    for handler in ["get", "add", "wait", "query"] {
        let [own] = &functions(item.clone(), handler)[..] else {
            panic!("{handler} is there once");
        };
        let generated = functions(out.clone(), handler);
        assert_eq!(generated.len(), 2, "the handler and the ref's method");
        for name in generated {
            assert_eq!(at(name.span()), at(own.span()));
        }
    }
    // A method with a name of its own is where that is written.
    let [written] = &words(item, "clear")[..] else {
        panic!("`clear` is there once");
    };
    let [method] = &functions(out, "clear")[..] else {
        panic!("one method");
    };
    assert_eq!(at(method.span()), at(written.span()));
}

#[test]
fn a_variant_and_its_fields_are_the_handler_and_its_arguments() {
    let item = tokens(SERVER.1);
    let out = expand::gen_server(tokens(SERVER.0), item.clone());
    let handler = &functions(item.clone(), "add")[0];
    let variants = words(out.clone(), "Add");
    assert!(!variants.is_empty());
    for variant in variants {
        assert_eq!(at(variant.span()), at(handler.span()));
    }
    let argument = &words(item, "key")[0];
    for field in words(out, "key") {
        assert_eq!(at(field.span()), at(argument.span()));
    }
}

#[test]
fn the_types_are_where_the_server_is_named() {
    let item = tokens(SERVER.1);
    let out = expand::gen_server(tokens(SERVER.0), item.clone());
    let server = &words(item, "Counter")[0];
    for name in ["CounterRef", "CounterMessage", "CounterContinue"] {
        let word = &words(out.clone(), name)[0];
        assert_eq!(at(word.span()), at(server.span()), "{name}");
    }
}

#[test]
fn an_accessor_is_the_child() {
    let input = tokens(TREE);
    let out = tree::expand(input.clone());
    for child in [
        "db", "cache", "legacy", "workers", "sessions", "web", "http", "log", "other",
    ] {
        let [accessor] = &functions(out.clone(), child)[..] else {
            panic!("{child} has one accessor");
        };
        // Its first mention, but for words of the header.
        let own = words(input.clone(), child);
        assert!(
            own.iter().any(|own| at(own.span()) == at(accessor.span())),
            "{child}"
        );
    }
    let own = &words(input.clone(), "Shop")[0];
    assert_eq!(at(words(out, "Shop")[0].span()), at(own.span()));
}

#[test]
fn a_mistake_is_shown_where_it_was_made() {
    let shown = |options: &str, item: &str| {
        let out = expand::gen_server(tokens(options), tokens(item));
        errors(&out)
            .into_iter()
            .map(|span| at(span).2)
            .collect::<Vec<_>>()
    };
    let item =
        "impl S { #[call(timeuot = 1s)] fn a(&self, x: &str) -> u8 { 1 } #[cast] fn b(self) {} }";
    assert_eq!(
        shown("mailbx = 3", item),
        ["mailbx", "timeuot", "&", "self"]
    );
    let out = tree::expand(tokens(
        "#[tree(stratgy = x)] struct T() { a: A(b), b: B(), c D() }",
    ));
    let shown: Vec<_> = errors(&out).into_iter().map(|span| at(span).2).collect();
    assert_eq!(shown, ["stratgy", "c", "b"]);
}
