//! Takes our attributes off the user's functions.

use crate::{
    diag::Diag, model::kind, model::kind::Kind, syntax::pretty::pretty, text::server as text,
};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Attribute, Ident, Meta, Path};

/// The attribute that makes a function a handler.
pub(crate) struct Marker {
    pub(crate) kind: Kind,
    /// The attribute's name.
    pub(crate) name: Ident,
    /// What stands in its parentheses.
    pub(crate) options: TokenStream,
    /// Another word stands there, which means this.
    pub(crate) guessed: bool,
}

/// Removes the attributes of noex from a function's and returns the first one.
pub(crate) fn take(attrs: &mut Vec<Attribute>, name: &Ident, d: &mut Diag) -> Option<Marker> {
    let mut marker: Option<Marker> = None;
    attrs.retain(|attr| {
        let Some(word) = word(attr.path()) else {
            return true;
        };
        if let Some((kind, written)) = misplaced(attr) {
            d.report(attr, text::not_on_a_handler(&written, kind.attribute()));
            marker.get_or_insert_with(|| Marker::guessed(kind, word));
            return false;
        }
        if let Some(kind) = Kind::of_attribute(&word.to_string()) {
            match &marker {
                Some(first) => d.report(attr, text::two_kinds(name, first.kind)),
                None => marker = Some(read(attr, kind, word, d)),
            }
            return false;
        }
        if word == "cfg_attr" && hides_a_handler(attr) {
            d.report(attr, text::behind_cfg_attr());
            return false;
        }
        let written = word.to_string();
        if let Some(meant) = kind::meant(&written) {
            d.report(attr.path(), text::unknown_kind(&written, meant));
            if let Some(kind @ (Kind::Call | Kind::Cast)) = Kind::of_attribute(meant) {
                marker.get_or_insert_with(|| Marker::guessed(kind, word));
            }
            return false;
        }
        true
    });
    if marker.is_some() {
        attrs.retain(|attr| {
            let last = attr.path().segments.last();
            let is_test = last.is_some_and(|last| last.ident == "test");
            if is_test {
                d.report(attr, text::handler_is_no_test());
            }
            !is_test
        });
    }
    marker
}

impl Marker {
    /// What callers of the handler need, so that its one mistake is not theirs too.
    fn guessed(kind: Kind, name: Ident) -> Self {
        Self {
            kind,
            name,
            options: TokenStream::new(),
            guessed: true,
        }
    }
}

/// `#[gen_server(call)]` and `#[gen_server::call]` on a handler, as they are written.
fn misplaced(attr: &Attribute) -> Option<(Kind, String)> {
    let words: Vec<_> = attr.path().segments.iter().collect();
    let at = words.iter().position(|word| word.ident == "gen_server")?;
    let option = match &attr.meta {
        Meta::List(list) => list.tokens.clone().into_iter().next(),
        _ => None,
    };
    let meant = match words.get(at + 1) {
        Some(word) => Some(word.ident.to_string()),
        None => option.map(|word| word.to_string()),
    };
    let kind = meant.and_then(|word| Kind::of_attribute(&word));
    Some((kind.unwrap_or(Kind::Call), pretty(attr)))
}

/// Removes our attributes from what is no function, and reports them, unless it is one that is half typed: of that rustc
/// says enough.
pub(crate) fn strip(tokens: TokenStream, d: &mut Diag) -> TokenStream {
    let is_whole = is_item(&tokens);
    let mut out: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let ours = match (&token, out.last()) {
            (TokenTree::Group(group), Some(TokenTree::Punct(hash))) if hash.as_char() == '#' => {
                match group.stream().into_iter().next() {
                    Some(TokenTree::Ident(word)) => {
                        let word = word.to_string();
                        Kind::of_attribute(&word).map(|_| word)
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(word) = ours {
            if is_whole {
                d.report(&token, text::no_function(&word));
            }
            out.pop();
        } else {
            out.push(token);
        }
    }
    out.into_iter().collect()
}

/// Whether this is a constant, a type or the call of a macro, behind its attributes.
fn is_item(tokens: &TokenStream) -> bool {
    let is_attribute = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == '#',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
        _ => false,
    };
    let is_fn = |token: TokenTree| matches!(token, TokenTree::Ident(word) if word == "fn");
    if tokens.clone().into_iter().any(is_fn) {
        return false;
    }
    let mut tokens = tokens.clone().into_iter().skip_while(is_attribute);
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), _) if word == "const" || word == "type" || word == "pub" => {
            true
        }
        (Some(TokenTree::Ident(_)), Some(TokenTree::Punct(bang))) => bang.as_char() == '!',
        _ => false,
    }
}

/// The tokens without our attributes, wherever they are: what cannot be read is enough of an error.
pub(crate) fn without(tokens: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let is_hash = matches!(out.last(), Some(TokenTree::Punct(hash)) if hash.as_char() == '#');
        match token {
            TokenTree::Group(group) if is_hash && is_ours(&group) => {
                out.pop();
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without(group.stream()));
                inner.set_span(group.span());
                out.push(inner.into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// Whether these are the brackets of an attribute of ours.
pub(crate) fn is_ours(brackets: &Group) -> bool {
    let first = brackets.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(word)) if Kind::of_attribute(&word.to_string()).is_some())
}

/// The word to judge an attribute by: `call` for `#[call]`, `#[noex::call]`, `#[noex::attr::call]`.
fn word(path: &Path) -> Option<Ident> {
    let mut segments = path.segments.iter().rev();
    let last = segments.next()?.ident.clone();
    match segments.next() {
        None => Some(last),
        Some(before)
            if ["noex", "attr", "gen_server"]
                .iter()
                .any(|known| before.ident == known) =>
        {
            let known = Kind::of_attribute(&last.to_string()).is_some() || last == "gen_server";
            known.then_some(last)
        }
        Some(_) => None,
    }
}

fn read(attr: &Attribute, kind: Kind, name: Ident, d: &mut Diag) -> Marker {
    let options = match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            d.report(pair, text::written_with_equals(kind));
            TokenStream::new()
        }
    };
    Marker {
        kind,
        name,
        options,
        guessed: false,
    }
}

fn hides_a_handler(attr: &Attribute) -> bool {
    conditional(attr)
        .iter()
        .any(|word| Kind::of_attribute(word).is_some())
}

/// The first words of the attributes inside a `cfg_attr`.
fn conditional(attr: &Attribute) -> Vec<String> {
    let Meta::List(list) = &attr.meta else {
        return Vec::new();
    };
    let entries = crate::syntax::options::split(list.tokens.clone());
    let words = entries
        .into_iter()
        .skip(1)
        .filter_map(|entry| match entry.into_iter().next() {
            Some(TokenTree::Ident(word)) => Some(word.to_string()),
            _ => None,
        });
    words.collect()
}

/// Attributes that belong on a handler's message and ref method as well as on the handler.
pub(crate) fn is_documentation(attr: &Attribute) -> bool {
    if attr.path().is_ident("cfg_attr") {
        let words = conditional(attr);
        return !words.is_empty() && words.iter().all(|word| word == "doc");
    }
    attr.path().is_ident("doc")
}
