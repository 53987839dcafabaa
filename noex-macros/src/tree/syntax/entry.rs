//! Cuts the body of a tree into its entries.
//!
//! An entry ends at a `,` or `;`. Where one is missing, or lost in a half-typed entry, the next
//! attribute or `name :` begins a new one: neither can stand inside an entry.

use super::attribute::{self, Attribute};
use super::{foreign, many};
use proc_macro2::{Spacing, TokenStream, TokenTree};

#[derive(Default)]
pub(crate) struct Entry {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) tokens: Vec<TokenTree>,
    /// The end of the entry before it, when no separator stands between them.
    pub(crate) follows: Option<TokenTree>,
    /// An attribute between the name and the server.
    pub(crate) late: Option<TokenStream>,
    /// Only what some write before the name of a child; the child comes next.
    pub(crate) stands_before: bool,
}

/// The `#![..]` at the beginning, then the entries.
pub(crate) fn split(body: TokenStream) -> (Vec<Attribute>, Vec<Entry>) {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let mut at = 0;
    let mut inner = Vec::new();
    while let Some((attribute, end)) = attribute::at(&tokens, at, true) {
        inner.push(attribute);
        at = end;
    }
    let mut cut = Cut::default();
    while at < tokens.len() {
        if let Some((attribute, end)) = attribute::at(&tokens, at, false) {
            if foreign::is_name(&cut.entry.tokens) && !begins_behind(&tokens, end) {
                cut.entry.late = Some(attribute.tokens.clone());
            } else if !cut.entry.tokens.is_empty() {
                cut.end_unseparated();
            }
            cut.entry.attributes.push(attribute);
            at = end;
            continue;
        }
        if is_separator(&tokens, at, cut.angles) {
            cut.end();
        } else {
            let is_else = matches!(&tokens[at], TokenTree::Ident(word) if word == "else");
            let after_code = foreign::is_code(&cut.entry.tokens) && !is_else;
            if after_code || begins(&tokens, at) && !cut.entry.tokens.is_empty() {
                cut.end_unseparated();
            }
            cut.push(&tokens[at]);
        }
        at += 1;
    }
    cut.end();
    (inner, cut.entries)
}

#[derive(Default)]
struct Cut {
    entries: Vec<Entry>,
    entry: Entry,
    /// How many `<` are open.
    angles: usize,
}

impl Cut {
    fn push(&mut self, token: &TokenTree) {
        if let TokenTree::Punct(punct) = token {
            let arrow = matches!(self.entry.tokens.last(),
                Some(TokenTree::Punct(before)) if before.spacing() == Spacing::Joint
                    && matches!(before.as_char(), '-' | '='));
            match punct.as_char() {
                '<' => self.angles += 1,
                '>' if !arrow => self.angles = self.angles.saturating_sub(1),
                _ => {}
            }
        }
        self.entry.tokens.push(token.clone());
    }

    fn end(&mut self) {
        self.angles = 0;
        let entry = std::mem::take(&mut self.entry);
        if !entry.tokens.is_empty() || !entry.attributes.is_empty() {
            self.entries.push(entry);
        }
    }

    fn end_unseparated(&mut self) {
        let last = self.entry.tokens.last().cloned();
        self.entry.stands_before = foreign::stands_before(&self.entry.tokens);
        let follows = !self.entry.stands_before && !foreign::is_code(&self.entry.tokens);
        let meant = many::meant_attribute(&self.entry.tokens);
        self.end();
        self.entry.attributes.extend(meant);
        self.entry.follows = last.filter(|_| follows);
    }
}

/// `;`, or a `,` that is not one between the arguments of a type.
fn is_separator(tokens: &[TokenTree], at: usize, angles: usize) -> bool {
    match &tokens[at] {
        TokenTree::Punct(punct) => match punct.as_char() {
            ';' => true,
            ',' => {
                angles == 0
                    || at + 1 == tokens.len()
                    || begins(tokens, at + 1)
                    || attribute::at(tokens, at + 1, false).is_some()
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether `name :` stands at `at`, after any attributes.
fn begins_behind(tokens: &[TokenTree], mut at: usize) -> bool {
    while let Some((_, end)) = attribute::at(tokens, at, false) {
        at = end;
    }
    begins(tokens, at)
}

/// Whether `name :` stands at `at`, with a single colon.
fn begins(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |index: usize| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let name = matches!(tokens.get(at), Some(TokenTree::Ident(_)));
    let path = matches!(tokens.get(at + 1), Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint)
        && colon(at + 2);
    let label =
        at > 0 && matches!(&tokens[at - 1], TokenTree::Punct(punct) if punct.as_char() == '\'');
    name && colon(at + 1) && !path && !label
}
