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
fn a_handler_that_is_not_closed_costs_no_other() {
    let methods = ["get", "add", "wait", "query", "clear"];
    let whole: Vec<_> = tokens(SERVER.1).into_iter().collect();
    let members = members(inside_braces(&tokens(SERVER.1)), ";");
    let mut tried = 0;
    // Everything in parentheses, brackets and braces that the first calls have, and all that follows in it.
    for at in 1..5 {
        let rest: TokenStream = members[at + 1..].iter().flatten().cloned().collect();
        for (n, token) in members[at].iter().enumerate() {
            let TokenTree::Group(group) = token else {
                continue;
            };
            for beginning in beginnings(&group.stream().into_iter().collect::<Vec<_>>()) {
                // What is an attribute is one of the next member.
                if group.delimiter() == Delimiter::Bracket && !beginning.is_empty() {
                    continue;
                }
                let holds = beginning.into_iter().chain(rest.clone()).collect();
                let member = members[at][..n].iter().cloned();
                let member = member.chain([Group::new(group.delimiter(), holds).into()]);
                let body = members[..at].iter().flatten().cloned().chain(member);
                let mut all = whole.clone();
                all.pop();
                all.push(Group::new(Delimiter::Brace, body.collect()).into());
                let out = expand::gen_server(tokens(SERVER.0), all.into_iter().collect());
                let text = out.to_string();
                for (method, _) in methods.iter().zip(1..).filter(|(_, own)| *own != at) {
                    let is_there = ["fn {} (& self ,", "fn {} (& self)"]
                        .iter()
                        .any(|head| text.contains(&head.replace("{}", method)));
                    assert!(is_there, "{method} is lost: {text}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn nothing_is_taken_out_of_a_function_that_is_closed() {
    let text =
        "impl S { #[call] fn a(&self) { #[call] fn inner() {} #[other] fn more(&self) {} } }";
    let out = expand::gen_server(TokenStream::new(), tokens(text)).to_string();
    assert!(
        out.contains("fn a (& self) { # [call] fn inner () { } # [other] fn more (& self) { } }"),
        "{out}"
    );
}

#[test]
fn who_calls_a_half_typed_handler_has_made_no_mistake() {
    for (half, method) in [
        (
            "pub fn get(&self, x: ) -> u64 { 1 }",
            "pub fn get (& self ,) -> :: noex :: Call < '_ , S , u64 >",
        ),
        (
            "fn get(&self, x, y: u8) -> u64",
            "fn get (& self , y : u8) -> :: noex :: Call < '_ , S , u64 >",
        ),
        (
            "pub(crate) async fn get(&self) -> Option<",
            "fn get < __Answer > (& self ,) -> :: noex :: Call < '_ , S , __Answer >",
        ),
        (
            "fn get(&self",
            "fn get < __Answer > (& self ,) -> :: noex :: Call < '_ , S , __Answer >",
        ),
        (
            "fn get",
            "fn get < __Answer > (& self ,) -> :: noex :: Call < '_ , S , __Answer >",
        ),
    ] {
        // An editor closes what is open.
        let closed = format!(
            "{half}{}",
            ")".repeat(half.matches('(').count() - half.matches(')').count())
        );
        let item = format!("impl S {{ #[call] {closed} #[call] fn other(&self) {{}} }}");
        let out = expand::gen_server(TokenStream::new(), tokens(&item));
        assert!(errors(&out).is_empty(), "{half}");
        let text = out.to_string();
        assert!(text.contains(method), "{half}: {text}");
        assert!(!text.contains("__M :: Get"), "{half}: {text}");
        assert!(text.contains("__M :: Other"), "{half}: {text}");
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

/// An editor completes a word by what it finds in the same place of the expansion without the word.
#[test]
fn what_stands_before_a_dot_is_where_it_is_with_a_name_behind_it() {
    let children = [
        "db: Db(cfg.~)",
        "db: Db(1, f(cfg.url.~))",
        "#[pool(size = 2)] db: Db(cfg.~)",
        "db: task(serve(cfg.~))",
        "web: { #[child(restart = transient)] db: Db(cfg.~, 3) }",
    ];
    for child in children {
        let expanded = |name: &str| {
            let tree = format!(
                "struct Shop(cfg: Config) {{ first: First(cfg.first), {child}, last: Last(cfg.last) }}"
            );
            tree::expand(tokens(&tree.replace('~', name)))
        };
        let (half, whole) = (expanded(""), expanded("name"));
        assert_eq!(errors(&half).len(), 1, "{child}");
        assert!(errors(&whole).is_empty(), "{child}");
        let (half, whole) = (half.to_string(), whole.to_string());
        let place = half.find(". __half_typed ()").expect(child);
        assert_eq!(half[..place], whole[..place], "{child}");
        assert!(whole[place..].starts_with(". name"), "{child}");
    }
}

/// It knows of words, but not of texts that repeat them.
#[test]
fn no_text_repeats_a_server_before_the_code_that_names_it() {
    let out = tree::expand(tokens(TREE)).to_string();
    for server in ["Db", "Cache", "Worker", "Session", "Log", "OtherTree"] {
        let text = out
            .find(&format!("\"{server}"))
            .expect("the tree as data names it");
        let code = out
            .find(&format!("< {server} >"))
            .or(out.find(&format!("< {server} ::")));
        assert!(code.expect("its ref") < text, "{server}");
    }
    let drawing = out.find("```text").expect("a drawing");
    assert!(out.find("__noex_plan").expect("a plan") < drawing);
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
