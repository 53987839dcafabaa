//! While a brace is missing, the member that lacks it holds all that follow it.
//!
//! The compiler never gets that far, but an editor closes what is open at the end of the block. So such a member is the last.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The item, where the last member of its block gives back the handlers that it has swallowed; `is_ours` tells their
/// attributes.
pub(crate) fn given_back(item: TokenStream, is_ours: fn(&Group) -> bool) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let Some(TokenTree::Group(block)) = tokens.pop() else {
        return item;
    };
    let Some(members) = members(block.stream(), is_ours) else {
        return item;
    };
    tokens.push(with(&block, members).into());
    tokens.into_iter().collect()
}

/// All members; `None` where none has swallowed another.
fn members(body: TokenStream, is_ours: fn(&Group) -> bool) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = body.into_iter().collect();
    let TokenTree::Group(last) = tokens.pop()? else {
        return None;
    };
    let (kept, swallowed) = cut(&last, is_ours)?;
    tokens.push(kept.into());
    let swallowed = members(swallowed.clone(), is_ours).unwrap_or(swallowed);
    Some(tokens.into_iter().chain(swallowed).collect())
}

/// What a group holds before the first handler in it, and the rest.
fn cut(group: &Group, is_ours: fn(&Group) -> bool) -> Option<(Group, TokenStream)> {
    let mut tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let begin = (0..tokens.len()).find(|at| begins_handler(&tokens[*at..], is_ours));
    if let Some(begin) = begin {
        let swallowed = tokens.split_off(begin);
        return Some((
            with(group, tokens.into_iter().collect()),
            swallowed.into_iter().collect(),
        ));
    }
    let TokenTree::Group(last) = tokens.pop()? else {
        return None;
    };
    let (kept, swallowed) = cut(&last, is_ours)?;
    tokens.push(kept.into());
    Some((with(group, tokens.into_iter().collect()), swallowed))
}

/// Attributes, one of them ours, of a function that takes `self`: inside another function it could not.
fn begins_handler(tokens: &[TokenTree], is_ours: fn(&Group) -> bool) -> bool {
    let mut rest = tokens;
    let mut found = false;
    while let [
        TokenTree::Punct(hash),
        TokenTree::Group(attribute),
        after @ ..,
    ] = rest
        && hash.as_char() == '#'
        && attribute.delimiter() == Delimiter::Bracket
    {
        found |= is_ours(attribute);
        rest = after;
    }
    found && is_method(rest)
}

/// `pub(crate) async fn name(&self)`
fn is_method(tokens: &[TokenTree]) -> bool {
    let is =
        |token: &TokenTree, text: &str| matches!(token, TokenTree::Ident(word) if word == text);
    let Some(at) = tokens.iter().position(|token| is(token, "fn")) else {
        return false;
    };
    let begins_it = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Punct(_) => false,
        _ => true,
    };
    let Some(TokenTree::Group(parameters)) = tokens.get(at + 2) else {
        return false;
    };
    tokens[..at].iter().all(begins_it)
        && parameters
            .stream()
            .into_iter()
            .any(|token| is(&token, "self"))
}

fn with(group: &Group, stream: TokenStream) -> Group {
    let mut group_with = Group::new(group.delimiter(), stream);
    group_with.set_span(group.span());
    group_with
}
