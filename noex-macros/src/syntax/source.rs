//! The source around a block, for checks that have to see more than the macro is given.

use proc_macro2::{Ident, TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
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

/// The scopes around a name in this text of its file, the outermost first and that of the name last.
pub(crate) fn scopes_of(text: &str, name: &Ident) -> Option<Vec<Vec<TokenTree>>> {
    let span = name.span().unwrap();
    scopes_at(text, name, span.line(), span.column())
}

fn scopes_at(text: &str, name: &Ident, line: usize, column: usize) -> Option<Vec<Vec<TokenTree>>> {
    let way = way_to_mark(marked(text, name, line, column)?.parse().ok()?)?;
    let top: TokenStream = text.parse().ok()?;
    let mut scopes: Vec<Vec<TokenTree>> = vec![top.into_iter().collect()];
    for at in way {
        let Some(TokenTree::Group(group)) = scopes.last()?.get(at) else {
            return None;
        };
        let inner = group.stream().into_iter().collect();
        scopes.push(inner);
    }
    Some(scopes)
}

const MARK: &str = "__noex_this_";

/// The text with a mark before the name at this place: what is parsed of a text has no places of its own.
fn marked(text: &str, name: &Ident, line: usize, column: usize) -> Option<String> {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(line.checked_sub(1)?).map(str::len).sum();
    let line = text.get(before..)?;
    let (column, _) = line.char_indices().nth(column.checked_sub(1)?)?;
    let (before, name_on) = text.split_at(before + column);
    let is_there = name_on.starts_with(&name.to_string());
    is_there.then(|| format!("{before}{MARK}{name_on}"))
}

/// The indices of the groups that hold the mark.
fn way_to_mark(tokens: TokenStream) -> Option<VecDeque<usize>> {
    let mut tokens = tokens.into_iter().enumerate();
    tokens.find_map(|(at, token)| match token {
        TokenTree::Ident(word) => word.to_string().starts_with(MARK).then(VecDeque::new),
        TokenTree::Group(group) => {
            let mut way = way_to_mark(group.stream())?;
            way.push_front(at);
            Some(way)
        }
        _ => None,
    })
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
    fn the_scopes_of_a_name_are_those_around_its_place() {
        let source = "struct A;\nmod m { /* \u{e9} S */ impl S { } fn f() { struct S; } }";
        let name = format_ident!("S");
        let first = |line, column| {
            let scopes = scopes_at(source, &name, line, column)?;
            let firsts = scopes.iter().map(|tokens| tokens[0].to_string());
            Some(firsts.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(first(2, 24).as_deref(), Some("struct impl"));
        assert_eq!(first(2, 46).as_deref(), Some("struct impl struct"));
        assert_eq!(first(2, 1), None, "another word");
        assert_eq!(first(2, 15), None, "in a comment");
        assert_eq!(first(9, 1), None);
    }
}
