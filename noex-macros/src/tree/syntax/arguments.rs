//! `Server(arguments)`, where the arguments may be half typed.

use super::foreign;
use crate::{
    diag::Diag,
    syntax::{options, pretty::pretty},
    text::{child, tree as text},
};
use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{parse::Parser, punctuated::Punctuated};

/// `path(arguments)`, and what follows it and should not.
pub(crate) struct Call {
    pub(crate) path: TokenStream,
    pub(crate) arguments: Group,
    pub(crate) rest: TokenStream,
}

/// Finds the arguments: the first parentheses that are not a part of the path, as those of
/// `Cache::<(u64, Item)>` are.
pub(crate) fn call(tokens: &[TokenTree]) -> Option<Call> {
    let mut angles = 0_usize;
    let mut joint = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) => {
                match punct.as_char() {
                    '<' => angles += 1,
                    '>' if !joint => angles = angles.saturating_sub(1),
                    _ => {}
                }
                joint = punct.spacing() == Spacing::Joint && punct.as_char() != '>';
                continue;
            }
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Parenthesis && angles == 0 && at > 0 =>
            {
                return Some(Call {
                    path: tokens[..at].iter().cloned().collect(),
                    arguments: group.clone(),
                    rest: tokens[at + 1..].iter().cloned().collect(),
                });
            }
            _ => {}
        }
        joint = false;
    }
    None
}

type Expressions = Punctuated<syn::Expr, syn::Token![,]>;

/// Reports arguments that are no whole expressions, and those that wait.
pub(crate) fn check(arguments: &Group, d: &mut Diag) {
    if reports_names(arguments, d) {
        return;
    }
    if let Err(error) = Expressions::parse_terminated.parse2(arguments.stream()) {
        // The position in a syn error is lost at the end of the input; the argument says more.
        let half = options::split(arguments.stream())
            .into_iter()
            .map(TokenStream::from_iter)
            .find_map(|argument| {
                let error = syn::parse2::<syn::Expr>(argument.clone()).err()?;
                Some((argument, error))
            });
        match half {
            Some((argument, error)) => d.report(argument, text::half_typed(&error.to_string())),
            None => d.report(arguments, text::half_typed(&error.to_string())),
        }
    } else if let Some(awaits) = awaits(arguments.stream()) {
        d.report(awaits, text::awaits());
    }
}

/// Reports arguments with names: `Counter(start: 1)`, `Counter(start = 1)`.
fn reports_names(arguments: &Group, d: &mut Diag) -> bool {
    let before = d.count();
    for argument in options::split(arguments.stream()) {
        let is = |at: usize, char: char| matches!(argument.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == char);
        let named = (is(1, ':') && !is(2, ':')) || (is(1, '=') && !is(2, '='));
        if matches!(argument.first(), Some(TokenTree::Ident(_))) && named {
            let value = TokenStream::from_iter(argument[2..].to_vec());
            let text = child::named_argument(&pretty(value));
            d.report(TokenStream::from_iter(argument), text);
        }
    }
    d.count() > before
}

/// The function that stands behind a dot for what is still to come, and never returns.
const HALF_TYPED: &str = "__half_typed";

/// The arguments, where what ends with a dot goes on: so an editor finds what stands before the dot where it will find it
/// when there is a name.
pub(crate) fn completed(arguments: &Group) -> Option<Group> {
    let mut list = TokenStream::new();
    for mut argument in options::split(arguments.stream()) {
        if syn::parse2::<syn::Expr>(argument.iter().cloned().collect()).is_err() {
            match argument.pop()? {
                TokenTree::Punct(dot) if dot.as_char() == '.' => {
                    let name = Ident::new(HALF_TYPED, Span::call_site());
                    argument.extend(quote_spanned!(dot.span()=> .#name()));
                }
                TokenTree::Group(inner) => argument.push(completed(&inner)?.into()),
                _ => return None,
            }
            syn::parse2::<syn::Expr>(argument.iter().cloned().collect()).ok()?;
        }
        let argument: TokenStream = argument.into_iter().collect();
        list.extend(quote!(#argument,));
    }
    let mut completed = Group::new(arguments.delimiter(), list);
    completed.set_span(arguments.span());
    Some(completed)
}

/// Whether they went on that way.
pub(crate) fn are_completed(arguments: &Group) -> bool {
    arguments.stream().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == HALF_TYPED,
        TokenTree::Group(group) => are_completed(&group),
        _ => false,
    })
}

/// How many arguments there are, when they are whole.
pub(crate) fn count(arguments: &Group) -> usize {
    let list = Expressions::parse_terminated.parse2(arguments.stream());
    list.map_or(0, |list| list.len())
}

/// Reports what is no single future.
pub(crate) fn future(call: &Call, d: &mut Diag) {
    let before = d.count();
    check(&call.arguments, d);
    let future: Vec<TokenTree> = call.arguments.stream().into_iter().collect();
    let is_one = syn::parse2::<syn::Expr>(call.arguments.stream()).is_ok();
    if d.count() > before {
        return;
    }
    if is_one {
        foreign::task(&future, d);
        return;
    }
    let parts = options::split(call.arguments.stream());
    let function = parts
        .first()
        .map(|part| TokenStream::from_iter(part.clone()));
    let function = function.filter(|path| syn::parse2::<syn::Path>(path.clone()).is_ok());
    let text = match function.filter(|_| parts.len() > 1) {
        Some(function) => {
            let rest: Vec<_> = parts[1..]
                .iter()
                .map(|part| pretty(TokenStream::from_iter(part.clone())))
                .collect();
            let call = format!("task({}({}))", pretty(function), rest.join(", "));
            child::task_of(&call)
        }
        None => text::task_future(),
    };
    d.report(&call.path, text);
}

/// The first `.await` that is not inside an `async` block of its own.
fn awaits(tokens: TokenStream) -> Option<TokenTree> {
    let mut opaque = false;
    let mut dot = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(word) if dot && word == "await" => return Some(token),
            TokenTree::Ident(word) => opaque = word == "async" || (opaque && word == "move"),
            TokenTree::Group(group) => {
                if !opaque && let Some(found) = awaits(group.stream()) {
                    return Some(found);
                }
                opaque = false;
            }
            // An async closure; where its body ends is not worth knowing.
            TokenTree::Punct(punct) if opaque && punct.as_char() == '|' => return None,
            _ => opaque = false,
        }
        dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
    }
    None
}
