//! Tokens as a person writes them.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// On one line: `&mut HashMap<String, Vec<u8>>`.
pub(crate) fn pretty(tokens: impl ToTokens) -> String {
    let mut out = String::new();
    write(tokens.to_token_stream(), &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    let mut first = true;
    // The first half of `::`, `->` and the like.
    let mut half = false;
    for token in tokens {
        if !first && !half && !is_glued(out, &token) {
            out.push(' ');
        }
        first = false;
        half = match &token {
            TokenTree::Punct(punct) => punct.spacing() == Spacing::Joint,
            _ => false,
        };
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
            }
            other => out.push_str(&other.to_string()),
        }
    }
}

/// Whether no space belongs between what is written and the next token.
fn is_glued(out: &str, next: &TokenTree) -> bool {
    let before = out.chars().last().unwrap_or(' ');
    let after_word = before == '_' || before.is_alphanumeric();
    let opens = out.ends_with("::") || "<&.'#!".contains(before) || before == '$';
    match next {
        TokenTree::Punct(punct) => match punct.as_char() {
            '.' => before != ',',
            ',' | ';' | '?' => true,
            // Of a path that begins anew.
            ':' if ends_in_keyword(out) || out.ends_with("->") => false,
            ':' => after_word || ")>".contains(before) || opens,
            '<' => after_word || opens,
            '>' => true,
            '!' => after_word,
            _ => opens && before != '!',
        },
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Parenthesis => after_word || opens || before == '>',
            Delimiter::Bracket => after_word || opens,
            _ => false,
        },
        // A pointer, not a product.
        TokenTree::Ident(word) if before == '*' => word == "const" || word == "mut",
        _ => opens,
    }
}

fn ends_in_keyword(out: &str) -> bool {
    const KEYWORDS: [&str; 9] = [
        "as", "dyn", "for", "impl", "in", "mut", "pub", "use", "where",
    ];
    let word = out
        .rsplit(|c: char| c != '_' && !c.is_alphanumeric())
        .next();
    KEYWORDS.contains(&word.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::pretty;
    use proc_macro2::TokenStream;

    #[test]
    fn types_and_signatures_read_well() {
        for text in [
            "&mut HashMap<String, Vec<u8>>",
            "<Cache<K, V> as ::noex::Child>::Ref",
            "&'static str",
            "Box<dyn Send + 'static>",
            "fn add(&self, by: u64) -> ::noex::Call<'_, Counter, [u8; 4]>",
            "#[doc = \"What a [`S`] : is\"] enum S { A, B }",
            "std::vec![1, 2]",
            "const A: ::noex::Options = ::noex::Options { a: 1, ..B }",
        ] {
            let tokens: TokenStream = text.parse().expect("tokens");
            assert_eq!(pretty(tokens), text);
        }
    }
}
