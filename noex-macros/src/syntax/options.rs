//! Lists of `key = value`, read to the end whatever is wrong in them.

use crate::{
    diag::Diag,
    syntax::{
        duration::{self, Length},
        pretty::pretty,
    },
    text::option as text,
    tree,
};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, Parser};

/// One entry of a list: `key`, or `key = value`.
#[derive(Clone)]
pub(crate) struct Opt {
    pub(crate) key: Ident,
    /// The tokens after `=`; `None` for a bare key.
    pub(crate) value: Option<TokenStream>,
}

/// Reads the options of one attribute. Entries that cannot be read, and keys given twice, are
/// reported and left out.
pub(crate) fn read(tokens: TokenStream, d: &mut Diag) -> Vec<Opt> {
    let mut out: Vec<Opt> = Vec::new();
    let entries = split(tokens).into_iter();
    for entry in entries.flat_map(|entry| cut(entry, d)).collect::<Vec<_>>() {
        let Some(opt) = entry_of(entry, d) else {
            continue;
        };
        if out.iter().any(|other| other.key == opt.key) {
            d.report(&opt.key, text::twice(&opt.key.to_string()));
        } else {
            out.push(opt);
        }
    }
    out
}

/// Cuts at commas, but not at those between the arguments of a path such as `Cache::<K, V>::MAX`.
pub(crate) fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut entries = Vec::new();
    let mut entry: Vec<TokenTree> = Vec::new();
    let mut angles = 0_usize;
    for token in tokens {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                ',' if angles == 0 => {
                    entries.push(std::mem::take(&mut entry));
                    continue;
                }
                // A path's `<` follows `::` or starts the value; any other is "less than".
                '<' if angles > 0 || ends_with(&entry, &[':', '=']) => angles += 1,
                '>' if !ends_with(&entry, &['-', '=']) => angles = angles.saturating_sub(1),
                _ => {}
            }
        }
        entry.push(token);
    }
    entries.push(entry);
    entries.retain(|entry| !entry.is_empty());
    entries
}

/// Options that stand alone, so that one behind a value lacks a comma.
const SWITCHES: [&str; 9] = [
    "always",
    "deferred",
    "log_calls",
    "paused",
    "raw",
    "significant",
    "spawn",
    "timing",
    "trap_exit",
];

/// Cuts where a comma is missing: at a `;`, and before the next `name =`.
fn cut(entry: Vec<TokenTree>, d: &mut Diag) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    let is = |token: Option<&TokenTree>, char: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char);
    for (at, token) in entry.iter().enumerate() {
        if is(Some(token), ';') {
            d.report(token, text::semicolon());
            parts.push(Vec::new());
            continue;
        }
        let after_value = at > 2 && !matches!(entry[at - 1], TokenTree::Punct(_));
        let begins = matches!(token, TokenTree::Ident(_))
            && is(entry.get(at + 1), '=')
            && !is(entry.get(at + 2), '=');
        let is_switch =
            matches!(token, TokenTree::Ident(word) if SWITCHES.iter().any(|known| word == known));
        if after_value && (begins || is_switch && at + 1 == entry.len()) {
            d.report(token, text::no_comma(&token.to_string()));
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(token.clone());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn ends_with(entry: &[TokenTree], chars: &[char]) -> bool {
    entry.last().is_some_and(|last| is_punct(last, chars))
}

fn is_punct(token: &TokenTree, chars: &[char]) -> bool {
    matches!(token, TokenTree::Punct(punct) if chars.contains(&punct.as_char()))
}

fn entry_of(entry: Vec<TokenTree>, d: &mut Diag) -> Option<Opt> {
    let mut tokens = entry.into_iter();
    let key = match tokens.next()? {
        TokenTree::Ident(key) => key,
        other => {
            d.report(other, text::not_a_name());
            return None;
        }
    };
    match tokens.next() {
        None => Some(Opt { key, value: None }),
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            let value: TokenStream = tokens.collect();
            if value.is_empty() {
                d.report(&key, text::needs_value(&key.to_string(), "..."));
                return None;
            }
            Some(Opt {
                key,
                value: Some(value),
            })
        }
        Some(other) => {
            let key = key.to_string();
            let is_colon = matches!(&other, TokenTree::Punct(punct) if punct.as_char() == ':');
            let value: TokenStream = match &other {
                TokenTree::Group(group) => group.stream(),
                _ if is_colon => tokens.collect(),
                _ => TokenStream::new(),
            };
            if value.is_empty() {
                d.report(other, text::missing_comma(&key));
            } else if key == "intensity" {
                d.report(
                    other,
                    text::not_equals(&key, &tree::meant_intensity(&value)),
                );
            } else {
                d.report(other, text::not_equals(&key, &pretty(value)));
            }
            None
        }
    }
}

impl Opt {
    /// Reports that no such option exists. `what` is for example `` `#[call]` option ``.
    pub(crate) fn unknown(&self, what: &str, known: &[&str], d: &mut Diag) {
        d.report(&self.key, text::unknown(what, &self.key.to_string(), known));
    }

    /// The value; reports one that is missing, with `example` as what could stand there.
    pub(crate) fn value(&self, example: &str, d: &mut Diag) -> Option<&TokenStream> {
        if self.value.is_none() {
            d.report(&self.key, text::needs_value(&self.key.to_string(), example));
        }
        self.value.as_ref()
    }

    /// The whole entry as it was written.
    pub(crate) fn written(&self) -> String {
        match &self.value {
            Some(value) => format!("{} = {}", self.key, pretty(value)),
            None => self.key.to_string(),
        }
    }

    /// True for `-1` and the like.
    pub(crate) fn is_negative(&self) -> bool {
        let first = self
            .value
            .clone()
            .and_then(|value| value.into_iter().next());
        matches!(first, Some(TokenTree::Punct(punct)) if punct.as_char() == '-')
    }

    /// A switch: `key`, `key = true` or `key = false`.
    pub(crate) fn switch(&self, d: &mut Diag) -> bool {
        match &self.value {
            None => true,
            Some(value) => {
                let known = [("true", true), ("false", false)];
                word(value, "switch", &known, d).unwrap_or(false)
            }
        }
    }

    /// A key that stands alone.
    pub(crate) fn bare(&self, d: &mut Diag) {
        if let Some(value) = &self.value {
            d.report(value, text::takes_no_value(&self.key.to_string()));
        }
    }

    /// A value that is an expression. What is none would take everything else that is generated with it.
    pub(crate) fn expr(&self, example: &str, d: &mut Diag) -> Option<&TokenStream> {
        let value = self.value(example, d)?;
        if syn::parse2::<syn::Expr>(value.clone()).is_err() {
            let key = self.key.to_string();
            d.report(
                value,
                text::not_an_expression(&key, &pretty(value), example),
            );
            return None;
        }
        Some(value)
    }

    /// A value that is one of a few words; `what` is for example `restart type`.
    pub(crate) fn word<T: Copy>(&self, what: &str, known: &[(&str, T)], d: &mut Diag) -> Option<T> {
        let example = known.first().map_or("...", |known| known.0);
        word(self.value(example, d)?, what, known, d)
    }

    /// A value that is a length of time.
    pub(crate) fn duration(&self, d: &mut Diag) -> Option<Length> {
        duration::read(self.value("5s", d)?, d)
    }

    /// A value that is a name.
    pub(crate) fn name(&self, example: &str, d: &mut Diag) -> Option<Ident> {
        let value = self.value(example, d)?;
        let name = syn::parse2(value.clone()).ok();
        if name.is_none() {
            let meant = meant(value).unwrap_or_else(|| example.to_owned());
            d.report(
                value,
                text::not_a_name_value(&self.key.to_string(), &pretty(value), &meant),
            );
        }
        name
    }

    /// A value that syn can read as `T`, such as an expression, a path or a name.
    pub(crate) fn parse<T: Parse>(&self, example: &str, d: &mut Diag) -> Option<T> {
        let value = self.value(example, d)?;
        match T::parse.parse2(value.clone()) {
            Ok(parsed) => Some(parsed),
            Err(_) => {
                let meant = meant(value).unwrap_or_else(|| example.to_owned());
                d.report(
                    value,
                    text::not_a_name_value(&self.key.to_string(), &pretty(value), &meant),
                );
                None
            }
        }
    }
}

/// The word that a value was meant to be: what is in the quotes of a string, or the last part of a path.
pub(crate) fn meant(value: &TokenStream) -> Option<String> {
    let word = match value.clone().into_iter().last()? {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string())
            .ok()?
            .value(),
        TokenTree::Ident(word) => word.to_string(),
        _ => return None,
    };
    syn::parse_str::<Ident>(&word).ok().map(|_| word)
}

/// Finds a value among a few words.
pub(crate) fn word<T: Copy>(
    value: &TokenStream,
    what: &str,
    known: &[(&str, T)],
    d: &mut Diag,
) -> Option<T> {
    let names: Vec<_> = known.iter().map(|known| known.0).collect();
    let Ok(word) = <Ident as syn::ext::IdentExt>::parse_any.parse2(value.clone()) else {
        let meant = meant(value);
        let text = text::not_a_word(what, &pretty(value), meant.as_deref(), &names);
        d.report(value, text);
        return None;
    };
    let found = known.iter().find(|known| word == known.0);
    if found.is_none() {
        let written = word.to_token_stream().to_string();
        d.report(value, text::unknown_word(what, &written, &names));
    }
    found.map(|known| known.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn lenient(tokens: TokenStream) -> (Vec<(String, Option<String>)>, usize) {
        let mut d = Diag::default();
        let list = read(tokens, &mut d)
            .into_iter()
            .map(|opt| (opt.key.to_string(), opt.value.map(|v| v.to_string())))
            .collect();
        let count = d.count();
        d.into_tokens();
        (list, count)
    }

    #[test]
    fn keys_and_values_are_read() {
        let (list, mistakes) = lenient(quote!(raw, timeout = 1.5s, intensity = 5 in 30s,));
        assert_eq!(mistakes, 0);
        let value = |text: &str| Some(text.to_owned());
        assert_eq!(list[0], ("raw".to_owned(), None));
        assert_eq!(list[1], ("timeout".to_owned(), value("1.5s")));
        assert_eq!(list[2], ("intensity".to_owned(), value("5 in 30s")));
    }

    #[test]
    fn a_comma_inside_a_path_does_not_end_the_value() {
        let (list, mistakes) = lenient(quote!(
            mailbox = Cache::<K, Vec<V>>::MAX,
            idle = <A as B<C, D>>::T,
            size = f(|a| -> u8 { a }),
            raw
        ));
        assert_eq!((list.len(), mistakes), (4, 0));
    }

    #[test]
    fn one_bad_entry_costs_no_other() {
        let (list, mistakes) = lenient(quote!(5, mailbox, raw raw, idle =, raw, raw, name = "x"));
        assert_eq!(mistakes, 4);
        let keys: Vec<_> = list.iter().map(|entry| entry.0.as_str()).collect();
        assert_eq!(keys, ["mailbox", "raw", "name"]);
    }
}
