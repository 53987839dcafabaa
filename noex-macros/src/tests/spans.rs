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

/// The names of functions.
fn functions(tokens: TokenStream, name: &str) -> Vec<Ident> {
    declared("fn", tokens, name)
}

/// The names that `let` binds.
fn bindings(tokens: TokenStream, name: &str) -> Vec<Ident> {
    declared("let", tokens, name)
}

/// The words of this name that follow `keyword`.
fn declared(keyword: &str, tokens: TokenStream, name: &str) -> Vec<Ident> {
    let mut found = Vec::new();
    let mut is_next = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(word) if is_next && word == name => found.push(word.clone()),
            TokenTree::Group(group) => found.extend(declared(keyword, group.stream(), name)),
            _ => {}
        }
        is_next = matches!(&token, TokenTree::Ident(word) if word == keyword);
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

/// Whether the span begins where the other does, and covers no more than one character: all that a test can see of the empty
/// place in front of it.
fn is_before(span: Span, of: Span) -> bool {
    let (line, column, text) = at(span);
    let (of_line, of_column, _) = at(of);
    (line, column) == (of_line, of_column) && text.chars().count() <= 1
}

#[test]
fn a_variant_and_its_fields_are_the_handler_and_its_arguments() {
    let item = tokens(SERVER.1);
    let out = expand::gen_server(tokens(SERVER.0), item.clone());
    let handler = functions(item.clone(), "add")[0].span();
    let variants = words(out.clone(), "Add");
    // Where it is declared it is the handler; where it is used it is only seen there.
    assert_eq!(at(variants[0].span()), at(handler));
    assert!(variants.len() > 2);
    for variant in &variants[1..] {
        assert!(is_before(variant.span(), handler));
    }
    // The parameter of the handler, the field of the variant, the parameter of the ref's method.
    let argument = words(item, "key")[0].span();
    let fields = words(out, "key");
    let same = fields
        .iter()
        .filter(|field| at(field.span()) == at(argument));
    assert_eq!(same.count(), 3);
    let rest = fields
        .iter()
        .filter(|field| is_before(field.span(), argument));
    assert_eq!(rest.count(), fields.len() - 3);
}

#[test]
fn the_types_and_starts_are_where_the_server_is_named_and_made() {
    let item = tokens(SERVER.1);
    let out = expand::gen_server(tokens(SERVER.0), item.clone());
    let server = words(item.clone(), "Counter")[0].span();
    for name in ["CounterRef", "CounterMessage", "CounterContinue"] {
        let word = &words(out.clone(), name)[0];
        assert!(is_before(word.span(), server), "{name}");
    }
    let init = functions(item, "new")[0].span();
    for name in ["start", "start_as", "start_link", "child_spec", "named"] {
        let [function] = &functions(out.clone(), name)[..] else {
            panic!("{name} is there once");
        };
        assert!(is_before(function.span(), init), "{name}");
    }
    // Without an `#[init]`, where the server is named.
    let item = tokens("impl S { #[call] fn get(&self) {} }");
    let server = words(item.clone(), "S")[0].span();
    let out = expand::gen_server(TokenStream::new(), item);
    assert!(is_before(functions(out, "start")[0].span(), server));
    let input = tokens(TREE);
    let shop = words(input.clone(), "Shop")[0].span();
    let out = tree::expand(input);
    for name in ["start", "child_spec", "tree"] {
        let function = functions(out.clone(), name);
        assert!(
            function
                .iter()
                .any(|function| is_before(function.span(), shop)),
            "{name}"
        );
    }
}

/// All words of an expansion that an editor takes for what stands at these words of the user's: they have its place.
fn taken_for(out: TokenStream, written: TokenStream) -> Vec<(String, String)> {
    let mut places = Vec::new();
    flatten(written, &mut places);
    let mut generated = Vec::new();
    flatten(out, &mut generated);
    let mut found = Vec::new();
    for word in generated {
        let place = at(word.span());
        let own = places.iter().find(|own| at(own.span()) == place);
        if let Some(own) = own
            && *own != word
        {
            found.push((own.to_string(), word.to_string()));
        }
    }
    found.sort();
    found.dedup();
    found
}

fn flatten(tokens: TokenStream, words: &mut Vec<Ident>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => words.push(word),
            TokenTree::Group(group) => flatten(group.stream(), words),
            _ => {}
        }
    }
}

#[test]
fn an_editor_takes_nothing_for_a_word_that_means_something_else() {
    let item = tokens(SERVER.1);
    let out = expand::gen_server(
        tokens("mailbox = 256, idle = 30s, log_calls, api = Api"),
        item.clone(),
    );
    let found = taken_for(out, item);
    // The variants, which are the handlers as messages, and nothing else.
    for (own, word) in &found {
        let is_variant = own.replace('_', "").eq_ignore_ascii_case(word);
        assert!(is_variant, "`{word}` is at `{own}`");
    }
    assert!(
        found.contains(&("add".to_owned(), "Add".to_owned())),
        "{found:?}"
    );
    let input = tokens(TREE);
    let out = tree::expand(quote::quote!([::noex] #input));
    let found = taken_for(out, input);
    assert_eq!(found, []);
}

#[test]
fn a_sibling_as_an_argument_is_the_child() {
    let input = tokens(TREE);
    let out = tree::expand(quote::quote!([::noex] #input));
    for child in ["db", "cache", "http", "web"] {
        let own = functions(out.clone(), child)[0].span();
        let bound = bindings(out.clone(), child);
        assert!(bound.len() > 1, "{child}");
        for name in bound {
            assert_eq!(at(name.span()), at(own), "{child}");
        }
    }
}

#[test]
fn a_function_with_the_name_of_a_child_stays_a_function() {
    let out = tree::expand(tokens(
        "struct T() { clock: task(clock(now())), last: S() }",
    ));
    assert!(bindings(out.clone(), "clock").is_empty());
    assert_eq!(bindings(out, "last").len(), 1);
}

#[test]
fn an_attribute_of_ours_is_what_an_editor_finds_the_documentation_of() {
    let item = tokens(SERVER.1);
    let out = expand::gen_server(tokens(SERVER.0), item.clone());
    let attributes = [
        "init",
        "call",
        "cast",
        "info",
        "continuation",
        "terminate",
        "status",
    ];
    for attribute in attributes {
        let own = words(item.clone(), attribute);
        let named = words(out.clone(), attribute);
        assert!(!own.is_empty(), "{attribute}");
        for own in own {
            let is_there = named.iter().any(|word| at(word.span()) == at(own.span()));
            assert!(is_there, "{attribute}");
        }
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
    // The end of a value is no place: the value is.
    let out = tree::expand(tokens("struct T(cfg: C) { #[pool(size = cfg.)] a: A(1) }"));
    let shown: Vec<_> = errors(&out).into_iter().map(|span| at(span).2).collect();
    assert_eq!(shown, ["cfg"]);
}
