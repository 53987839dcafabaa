//! What stands before the braces of a tree item: `pub struct Shop(cfg: ShopConfig)`.

use super::super::model::{Item, Parameter};
use super::attribute::{self, Attribute};
use super::entry::{self, Entry};
use super::options;
use crate::{
    diag::Diag,
    syntax::pretty::pretty,
    text::{header as text, tree},
};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, Parser};

/// What other items begin with. A child can be called none of these.
const ITEMS: [&str; 9] = [
    "enum", "fn", "impl", "mod", "pub", "static", "trait", "type", "const",
];

/// The index of `struct`, if this is the item form, or of what stands for it.
pub(crate) fn find(tokens: &[TokenTree], d: &mut Diag) -> Option<usize> {
    let mut at = 0;
    while let Some((_, end)) = attribute::at(tokens, at, false) {
        at = end;
    }
    let is_struct = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "struct");
    if let Some(found) = tokens[at..].iter().take(3).position(is_struct) {
        return Some(at + found);
    }
    let item = |token: &&TokenTree| matches!(token, TokenTree::Ident(word) if ITEMS.iter().any(|item| word == item));
    let first = tokens.get(at).filter(item)?;
    d.report(first, text::no_struct());
    // The last of the words before the name.
    let words = tokens[at..].iter().take(3);
    let words = words.take_while(|token| item(token) || matches!(token, TokenTree::Group(_)));
    let words = words.count();
    // Another word that stands for `struct`.
    let two = matches!(
        tokens[at + words..],
        [TokenTree::Ident(_), TokenTree::Ident(_), ..]
    );
    Some(at + words + usize::from(two) - 1)
}

/// Where `struct` is missing: `Shop(cfg: Config) { .. }` can only be an item without it.
pub(crate) fn lacks_struct(tokens: &[TokenTree]) -> Option<usize> {
    let mut at = 0;
    while let Some((_, end)) = attribute::at(tokens, at, false) {
        at = end;
    }
    let rest = match tokens.get(at..)? {
        [TokenTree::Ident(_), rest @ ..] => rest,
        _ => return None,
    };
    let braces = |token: &TokenTree| is_group(token, Delimiter::Brace);
    let parentheses = |token: &TokenTree| is_group(token, Delimiter::Parenthesis);
    match rest {
        [body] if braces(body) => Some(at),
        [parameters, body] if parentheses(parameters) && braces(body) => Some(at),
        _ => None,
    }
}

/// The item, its `#[tree(..)]`s, and what is in its braces.
pub(crate) fn read(
    tokens: Vec<TokenTree>,
    keyword: usize,
    d: &mut Diag,
) -> (Item, Vec<Attribute>, TokenStream) {
    let mut at = 0;
    let mut ours = Vec::new();
    let mut attributes = TokenStream::new();
    let mut cfgs = TokenStream::new();
    while let Some((attribute, end)) = attribute::at(&tokens, at, false) {
        at = end;
        if attribute.is("tree") {
            ours.push(attribute);
            continue;
        }
        let word = attribute.name.as_ref().map(ToString::to_string);
        if let Some(word) = word.filter(|word| options::is_tree_word(word)) {
            d.report(&attribute.name, text::tree_option_as_attribute(&word));
            continue;
        }
        if !attribute.is_sound() {
            d.report(&attribute.tokens, tree::half_attribute());
            continue;
        }
        let before = d.count();
        if attribute.is("derive") {
            for token in attribute.arguments.clone() {
                if matches!(&token, TokenTree::Ident(word) if word == "Clone" || word == "Debug") {
                    d.report(&token, text::derived(&token.to_string()));
                }
            }
            if d.count() > before {
                continue;
            }
        }
        if attribute.is("cfg") {
            cfgs.extend(attribute.tokens.clone());
        }
        attributes.extend(attribute.tokens);
    }
    let before = tokens[at..keyword].iter().map(ToTokens::to_token_stream);
    let mut vis: TokenStream = before.collect();
    if syn::parse2::<syn::Visibility>(vis.clone()).is_err() {
        d.report(&vis, text::no_struct());
        vis = TokenStream::new();
    }
    let mut rest = tokens[keyword + 1..].iter().cloned().peekable();
    let before = d.count();
    let is_name = |token: &TokenTree| syn::parse2::<Ident>(token.clone().into()).is_ok();
    let name = match rest.next_if(is_name) {
        Some(TokenTree::Ident(name)) => name,
        _ => {
            d.report(&tokens[keyword], text::tree_name());
            Ident::new("Unnamed", Span::call_site())
        }
    };
    let generics = std::iter::from_fn(|| rest.next_if(|t| !matches!(t, TokenTree::Group(_))));
    let generics: TokenStream = generics.collect();
    let parameters = match rest.next_if(|token| is_group(token, Delimiter::Parenthesis)) {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => TokenStream::new(),
    };
    let mut words = generics.clone().into_iter().map(|token| token.to_string());
    let first = words.next();
    if d.count() == before && first.as_ref().is_some_and(|first| first != "<") {
        d.report(&generics, text::not_of_a_header(&pretty(&generics)));
    }
    if first.is_some_and(|first| first == "<") {
        // A lifetime is there for a parameter that borrows, which is the mistake.
        let is_lifetime = words.next().is_some_and(|second| second == "'");
        if !is_lifetime || borrow(&parameters).is_none() {
            d.report(generics, text::generic());
        }
    }
    let parameters = read_parameters(parameters, d);
    let mut has_body = true;
    let rest: Vec<TokenTree> = rest.collect();
    let mut at = 0;
    while let Some((attribute, end)) = attribute::at(&rest, at, false) {
        d.report(&attribute.tokens, text::late_attribute());
        at = end;
    }
    let is_body = |token: &TokenTree| is_group(token, Delimiter::Brace);
    if let Some(body) = rest[at..].iter().position(is_body).filter(|body| *body > 0) {
        let between = TokenStream::from_iter(rest[at..at + body].to_vec());
        d.report(&between, text::not_of_a_header(&pretty(&between)));
        at += body;
    }
    let mut rest = rest[at..].iter().cloned().peekable();
    let body = match rest.next_if(|token| is_group(token, Delimiter::Brace)) {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => {
            has_body = false;
            // After half a header the missing body is not what is wrong.
            if d.count() == before {
                d.report(&name, text::no_body(&name.to_string()));
            }
            TokenStream::new()
        }
    };
    let trailing: TokenStream = rest.collect();
    if has_body && !matches!(trailing.to_string().as_str(), "" | ";") {
        d.report(trailing, text::after_body());
    }
    let item = Item {
        attributes,
        cfgs,
        vis,
        name,
        parameters,
    };
    (item, ours, body)
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

fn read_parameters(tokens: TokenStream, d: &mut Diag) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut mutable = false;
    for mut entry in entry::split(tokens).1 {
        if let [TokenTree::Ident(word)] = &entry.tokens[..]
            && word == "mut"
        {
            d.report(word, text::mutable_parameter());
            mutable = true;
            continue;
        }
        if std::mem::take(&mut mutable) {
            entry.follows = None;
        }
        let Some(parameter) = read_parameter(entry, d) else {
            continue;
        };
        if parameters.iter().any(|other| other.name == parameter.name) {
            let name = parameter.name.unraw().to_string();
            d.report(&parameter.name, text::parameter_twice(&name));
        } else {
            parameters.push(parameter);
        }
    }
    parameters
}

fn read_parameter(entry: Entry, d: &mut Diag) -> Option<Parameter> {
    let attributes = entry.attributes.into_iter();
    let attributes: TokenStream = attributes.map(|attribute| attribute.tokens).collect();
    let tokens: TokenStream = entry.tokens.into_iter().collect();
    if entry.follows.is_some() || !attributes.is_empty() {
        d.report(quote!(#attributes #tokens), text::parameter());
        return None;
    }
    let parse = |input: syn::parse::ParseStream<'_>| {
        let name: Ident = input.parse()?;
        input.parse::<syn::Token![:]>()?;
        Ok((name, syn::Type::parse(input)?))
    };
    let Ok((name, ty)) = parse.parse2(tokens.clone()) else {
        if let Some(TokenTree::Ident(word)) = tokens.clone().into_iter().next()
            && options::is_tree_option(&word.to_string())
        {
            let option = pretty(&tokens);
            d.report(tokens, text::option_as_parameter(&option));
            return None;
        }
        let is_equals =
            |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=');
        let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let own = all.iter().position(is_equals).map(|at| &all[..at]);
        let own = own.map(|own| TokenStream::from_iter(own.to_vec()));
        match own.filter(|own| parse.parse2(own.clone()).is_ok()) {
            Some(own) => d.report(tokens, text::default_parameter(&pretty(own))),
            None => d.report(tokens, text::parameter()),
        }
        return None;
    };
    let ty = ty.into_token_stream();
    if let Some(borrow) = borrow(&ty) {
        d.report(borrow, text::borrowed_parameter());
        return None;
    }
    if matches!(ty.clone().into_iter().next(), Some(TokenTree::Ident(word)) if word == "impl") {
        d.report(ty, text::impl_parameter());
        return None;
    }
    Some(Parameter { name, ty })
}

/// The part of a type that begins with a borrow of less than `'static`.
fn borrow(ty: &TokenStream) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = ty.clone().into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let lifetime =
                    matches!(tokens.get(at + 2), Some(TokenTree::Ident(word)) if word == "static");
                if !lifetime {
                    return Some(tokens[at..].iter().cloned().collect());
                }
            }
            TokenTree::Ident(word) if word == "fn" || word == "Fn" => return None,
            TokenTree::Group(group) => {
                if let Some(found) = borrow(&group.stream()) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}
