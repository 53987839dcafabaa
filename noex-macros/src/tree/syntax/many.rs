//! Pools and dynamic supervisors as others write them.

use super::attribute::{self, Attribute};
use super::foreign::{first_path, inner};
use crate::{diag::Text, syntax::pretty::pretty, text::child as text};
use proc_macro2::{TokenStream, TokenTree};

/// The attribute that a word before the name of a child is meant to be: `pool(4)`, `dynamic`.
pub(super) fn meant_attribute(tokens: &[TokenTree]) -> Option<Attribute> {
    let (word, arguments) = match tokens {
        [TokenTree::Ident(word)] => (word, None),
        [TokenTree::Ident(word), TokenTree::Group(group)] => (word, Some(group.stream())),
        _ => return None,
    };
    let arguments = arguments.map(|arguments| pretty(&arguments));
    attribute::of(&match (word.to_string().as_str(), arguments) {
        ("pool", None) => "#[pool(size = 4)]".to_owned(),
        ("pool", Some(count)) if count.parse::<u64>().is_ok() => format!("#[pool(size = {count})]"),
        ("dynamic", None) => "#[dynamic]".to_owned(),
        ("dynamic", Some(count)) if count.parse::<u64>().is_ok() => {
            format!("#[dynamic(max = {count})]")
        }
        (word @ ("pool" | "dynamic"), Some(options)) => format!("#[{word}({options})]"),
        _ => return None,
    })
}

/// A pool or a dynamic supervisor that is written as a function or a type: `pool(4, Counter(1))`, `Dynamic<Counter>`.
pub(super) fn many(name: &str, value: &[TokenTree]) -> Option<Text> {
    let [TokenTree::Ident(word), ..] = value else {
        return None;
    };
    let all = TokenStream::from_iter(value[1..].to_vec());
    let arguments = match value.last() {
        Some(TokenTree::Group(group)) => Some(pretty(group.stream())),
        _ => None,
    };
    let has_arguments = arguments.is_some();
    let arguments = arguments.unwrap_or_default();
    let size = arguments.split(',').next().unwrap_or_default();
    let size = size
        .parse::<u64>()
        .map_or("4".to_owned(), |size| size.to_string());
    match word.to_string().as_str() {
        "pool" if value.len() == 2 => {
            let server = inner(all).map_or("Server(..)".to_owned(), |server| server.text);
            Some(text::many(
                &format!("#[pool(size = {size})]"),
                name,
                &server,
            ))
        }
        "dynamic" if value.len() == 2 => {
            let server = first_path(&all).unwrap_or("Server".to_owned());
            Some(text::many("#[dynamic]", name, &server))
        }
        // A type of the user's may have this name, and would have arguments.
        "Pool" | "Partitions" if !has_arguments => {
            let server = first_path(&all)?;
            Some(text::many(
                "#[pool(size = 4)]",
                name,
                &format!("{server}(..)"),
            ))
        }
        "Dynamic" if !has_arguments => Some(text::many("#[dynamic]", name, &first_path(&all)?)),
        _ => None,
    }
}
