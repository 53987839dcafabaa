//! `supervisor!`: supervision trees.

mod check;
mod drawing;
mod expand;
mod model;
mod syntax;
#[cfg(test)]
mod tests;

use crate::{check::second, diag::Diag};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

pub(crate) use syntax::{meant_count, meant_intensity};

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut d = Diag::default();
    let mut tree = syntax::read(input, &mut d);
    // Nothing else of the second of two trees, or rustc would say of each thing that there are two.
    if let Some(item) = &tree.item
        && second::is_second_tree(&item.name)
    {
        let text = crate::text::header::second_tree(&item.name.to_string());
        d.report(&item.name, text);
        return d.into_tokens();
    }
    let warnings = check::check(&mut tree, &mut d);
    expand::expand(&tree, &warnings, d)
}

/// Where tokens begin.
fn span(tokens: &TokenStream) -> Span {
    let first = tokens.clone().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}

/// A type as a person would have written it: `Cache<u64, Item>`.
fn written(tokens: &TokenStream) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for token in tokens.clone() {
        let word = matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
        if word && after_word {
            text.push(' ');
        }
        after_word = word;
        match &token {
            TokenTree::Group(group) => {
                let inner = written(&group.stream());
                text.push_str(&match group.delimiter() {
                    Delimiter::Parenthesis => format!("({inner})"),
                    Delimiter::Bracket => format!("[{inner}]"),
                    Delimiter::Brace => format!("{{ {inner} }}"),
                    Delimiter::None => inner,
                });
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' => text.push_str(", "),
                ';' => text.push_str("; "),
                // The turbofish is for the parser, not for the reader.
                '<' if text.ends_with("::") => {
                    text.truncate(text.len() - 2);
                    text.push('<');
                }
                '+' | '=' => text.push_str(&format!(" {} ", punct.as_char())),
                other => text.push(other),
            },
            word => text.push_str(&word.to_string()),
        }
    }
    text
}
