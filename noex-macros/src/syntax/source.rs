//! The source around a block, for checks that have to see more than the macro is given.

use proc_macro2::{Ident, TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

static FILES: Mutex<BTreeMap<PathBuf, Arc<File>>> = Mutex::new(BTreeMap::new());

/// A source file, and what it may declare. That is looked up for every server, so it is searched once.
pub(crate) struct File {
    pub(crate) text: String,
    /// `S` of `struct S`, and `S<` if parameters follow; also in comments and the like.
    declared: BTreeSet<String>,
    /// `S` of `type S`.
    aliases: BTreeSet<String>,
}

impl File {
    const KEYWORDS: [&str; 5] = ["struct ", "enum ", "union ", "type ", "trait "];

    /// The file that names a server; `None` where the compiler does not tell.
    pub(crate) fn of(name: &Ident) -> Option<Arc<Self>> {
        let path = path_of(name)?;
        let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(&path) {
            return Some(file.clone());
        }
        let file = Arc::new(Self::new(fs::read_to_string(&path).ok()?));
        files.insert(path, file.clone());
        Some(file)
    }

    fn new(text: String) -> Self {
        let (mut declared, mut aliases) = (BTreeSet::new(), BTreeSet::new());
        for keyword in Self::KEYWORDS {
            for (at, _) in text.match_indices(keyword) {
                let rest = &text[at + keyword.len()..];
                let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
                let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                let name = &rest[..end];
                if rest[end..].starts_with('<') {
                    declared.insert(format!("{name}<"));
                }
                if keyword == "type " {
                    aliases.insert(name.to_owned());
                }
                declared.insert(name.to_owned());
            }
        }
        Self {
            text,
            declared,
            aliases,
        }
    }

    /// Whether a type or trait of this name may be declared; with `after`, followed by that.
    pub(crate) fn may_declare(&self, name: &Ident, after: &str) -> bool {
        self.declared.contains(&format!("{name}{after}"))
    }

    /// Whether a type of this name is declared, and is no alias of another one.
    pub(crate) fn declares_new(&self, name: &Ident) -> bool {
        self.may_declare(name, "") && !self.aliases.contains(&name.to_string())
    }
}

/// The path of the file that names a server.
pub(crate) fn path_of(name: &Ident) -> Option<PathBuf> {
    let is_known = proc_macro::is_available().then(|| name.span().unwrap().local_file());
    is_known.flatten()
}

/// The tokens of the scope that holds the block `item`.
pub(crate) fn scope_of(source: TokenStream, item: &TokenStream) -> Option<Vec<TokenTree>> {
    let attributed: Vec<TokenTree> = item.clone().into_iter().collect();
    let start = attributed.iter().position(begins)?;
    innermost(source.into_iter().collect(), &attributed[start..])
}

fn innermost(tokens: Vec<TokenTree>, block: &[TokenTree]) -> Option<Vec<TokenTree>> {
    let flat_block = flat(block.iter().cloned());
    let is_block =
        |part: &[TokenTree]| begins(&part[0]) && flat(part.iter().cloned()) == flat_block;
    if tokens.windows(block.len()).any(is_block) {
        return Some(tokens);
    }
    tokens.iter().find_map(|token| match token {
        TokenTree::Group(group) => innermost(group.stream().into_iter().collect(), block),
        _ => None,
    })
}

fn begins(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == "impl")
}

/// The attributes at the end of `before`, the last one first.
pub(crate) fn attributes(before: &[TokenTree]) -> Vec<TokenStream> {
    let pairs = before.rchunks_exact(2);
    let attributes = pairs.map_while(|pair| match pair {
        [TokenTree::Punct(hash), TokenTree::Group(attribute)] if hash.as_char() == '#' => {
            Some(attribute.stream())
        }
        _ => None,
    });
    attributes.collect()
}

/// What comes before a `pub` or `pub(crate)` at the end of `tokens`.
pub(crate) fn before_visibility(tokens: &[TokenTree]) -> &[TokenTree] {
    let is_pub = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "pub");
    match tokens {
        [before @ .., last] if is_pub(last) => before,
        [before @ .., last, TokenTree::Group(_)] if is_pub(last) => before,
        _ => tokens,
    }
}

/// Whether the path of an attribute has this word: `gen_server`, `noex::gen_server(..)`.
pub(crate) fn mentions(attribute: &TokenStream, word: &str) -> bool {
    let mut tokens = attribute.clone().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(ident) if ident == word))
}

/// Tokens as text, however they were spaced.
fn flat(tokens: impl IntoIterator<Item = TokenTree>) -> String {
    let words = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => format!("{:?}{}", group.delimiter(), flat(group.stream())),
        other => format!("{other} "),
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::format_ident;

    #[test]
    fn a_file_is_asked_for_names_by_the_words_before_them() {
        let file = File::new("pub struct S<T>(T);\ntype R = S<u8>; // enum SRef".to_owned());
        let [s, r, e, other] = ["S", "R", "SRef", "T"].map(|name| format_ident!("{name}"));
        assert!(file.may_declare(&s, "<") && file.may_declare(&s, ""));
        assert!(file.may_declare(&r, "") && !file.may_declare(&r, "<"));
        assert!(
            file.may_declare(&e, ""),
            "only a look at the tokens tells comments"
        );
        assert!(!file.may_declare(&other, ""));
        assert!(file.declares_new(&s) && !file.declares_new(&r));
    }

    #[test]
    fn the_scope_of_a_block_is_the_one_that_holds_it() {
        let source = "struct A; #[x] impl S { } mod m { struct B; impl S { fn f() { } } }";
        let scope = |block: &str| {
            let block: TokenStream = block.parse().expect("tokens");
            let scope = scope_of(source.parse().expect("tokens"), &block);
            scope.map(|tokens| tokens[1].to_string())
        };
        assert_eq!(scope("#[y] impl S {}").as_deref(), Some("A"));
        assert_eq!(scope("impl S { fn f() {} }").as_deref(), Some("B"));
        assert_eq!(scope("impl T {}"), None);
    }
}
