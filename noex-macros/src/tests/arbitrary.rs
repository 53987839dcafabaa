//! Any tokens at all: no panic, and what comes out can be read.

use super::{SERVER, TREE, tokens};
use crate::{expand, tree};
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// How many inputs each test tries. CI has little time; set `NOEX_FUZZ` for more.
fn rounds() -> u64 {
    let given = std::env::var("NOEX_FUZZ").ok();
    given.and_then(|rounds| rounds.parse().ok()).unwrap_or(200)
}

/// A small generator, so that a failure can be repeated by its number (`splitmix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).expect("small")
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

const WORDS: [&str; 58] = [
    "impl",
    "struct",
    "enum",
    "fn",
    "pub",
    "async",
    "unsafe",
    "const",
    "mut",
    "ref",
    "self",
    "Self",
    "where",
    "for",
    "dyn",
    "type",
    "trait",
    "crate",
    "super",
    "in",
    "await",
    "move",
    "static",
    "r#type",
    "_",
    "__reply",
    "Counter",
    "Ctx",
    "Reply",
    "Result",
    "Option",
    "Init",
    "Rc",
    "init",
    "call",
    "cast",
    "info",
    "continuation",
    "terminate",
    "status",
    "cfg",
    "cfg_attr",
    "doc",
    "tree",
    "child",
    "pool",
    "dynamic",
    "task",
    "strategy",
    "one_for_one",
    "restart",
    "permanent",
    "timeout",
    "deferred",
    "spawn",
    "name",
    "mailbox",
    "api",
];
const LITERALS: [&str; 14] = [
    "0",
    "1",
    "5s",
    "1.5ms",
    "1e3",
    "0x1f",
    "\"text\"",
    "'c'",
    "b\"x\"",
    "5sec",
    "18446744073709551616s",
    "1.",
    "-1",
    "r#\"raw\"#",
];
const PUNCTS: &str = "#!:;,.=<>&*+-|?/@$'^%~";

fn token(random: &mut Random, depth: u32) -> TokenTree {
    match random.below(if depth == 0 { 8 } else { 10 }) {
        0..=3 => word(random.one(&WORDS)),
        4 => literal(random.one(&LITERALS)),
        5..=7 => punct(random),
        _ => {
            let delimiters = [
                Delimiter::Parenthesis,
                Delimiter::Brace,
                Delimiter::Bracket,
                Delimiter::None,
            ];
            let count = random.below(7);
            TokenTree::Group(Group::new(
                random.one(&delimiters),
                some(random, count, depth - 1),
            ))
        }
    }
}

fn word(word: &str) -> TokenTree {
    TokenTree::Ident(match word.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(word, Span::call_site()),
    })
}

fn literal(text: &str) -> TokenTree {
    TokenTree::Literal(text.parse::<Literal>().expect("a literal"))
}

fn punct(random: &mut Random) -> TokenTree {
    let chars: Vec<char> = PUNCTS.chars().filter(|c| *c != '\'').collect();
    let spacing = [Spacing::Alone, Spacing::Joint];
    TokenTree::Punct(Punct::new(random.one(&chars), random.one(&spacing)))
}

fn some(random: &mut Random, count: usize, depth: u32) -> TokenStream {
    (0..count).map(|_| token(random, depth)).collect()
}

/// `whole` with a few tokens taken out, doubled, exchanged or replaced, however deep they are.
fn mutated(random: &mut Random, whole: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = whole.into_iter().collect();
    let groups: Vec<usize> = (0..tokens.len())
        .filter(|at| matches!(tokens[*at], TokenTree::Group(_)))
        .collect();
    if !groups.is_empty() && random.below(4) > 0 {
        let at = random.one(&groups);
        if let TokenTree::Group(group) = &tokens[at] {
            let inner = mutated(random, group.stream());
            tokens[at] = TokenTree::Group(Group::new(group.delimiter(), inner));
        }
        return tokens.into_iter().collect();
    }
    for _ in 0..=random.below(3) {
        let at = random.below(tokens.len());
        let other = random.below(tokens.len());
        match random.below(4) {
            0 if !tokens.is_empty() => {
                tokens.remove(at);
            }
            1 if !tokens.is_empty() => tokens.insert(other, tokens[at].clone()),
            2 if !tokens.is_empty() => tokens.swap(at, other),
            _ => tokens.insert(at, token(random, 2)),
        }
    }
    tokens.into_iter().collect()
}

/// What is given to a macro is never lost, so it may be no Rust itself; what is added to it is.
fn assert_server(number: u64, options: TokenStream, item: TokenStream) {
    let out = expand::gen_server(options.clone(), item.clone());
    let is_rust = |tokens: &TokenStream| syn::parse2::<syn::File>(tokens.clone()).is_ok();
    assert!(
        is_rust(&out) || !is_rust(&item),
        "number {number}: `#[gen_server({options})] {item}` gives {out}"
    );
}

fn assert_tree(number: u64, input: &TokenStream) {
    // As the `macro_rules!` in front of it does, which says where noex is.
    let out = tree::expand(quote::quote!([::noex] #input));
    let is_read = syn::parse2::<syn::File>(out.clone()).is_ok()
        || syn::parse2::<syn::Expr>(out.clone()).is_ok();
    assert!(is_read, "number {number}: {input} gives {out}");
}

#[test]
fn a_server_of_anything() {
    for number in 0..rounds() {
        let random = &mut Random(number);
        let (options, item) = (some(random, 6, 2), some(random, 12, 4));
        assert_server(number, options, item);
    }
}

#[test]
fn a_server_with_something_wrong() {
    let (options, item) = (tokens(SERVER.0), tokens(SERVER.1));
    for number in 0..rounds() {
        let random = &mut Random(number);
        let options = match random.below(4) {
            0 => mutated(random, options.clone()),
            _ => options.clone(),
        };
        let item = mutated(random, item.clone());
        assert_server(number, options, item);
    }
}

#[test]
fn a_struct_with_something_wrong() {
    let (options, item) = (
        tokens(SERVER.0),
        tokens("#[derive(Debug)] pub struct S<K: Ord = u8>(K) where K: Copy;"),
    );
    for number in 0..rounds() {
        let random = &mut Random(number);
        assert_server(number, options.clone(), mutated(random, item.clone()));
    }
}

#[test]
fn a_tree_of_anything() {
    for number in 0..rounds() {
        let random = &mut Random(number);
        let count = random.below(20);
        assert_tree(number, &some(random, count, 4));
    }
}

#[test]
fn a_tree_with_something_wrong() {
    let whole = tokens(TREE);
    for number in 0..rounds() {
        let random = &mut Random(number);
        assert_tree(number, &mutated(random, whole.clone()));
    }
}
