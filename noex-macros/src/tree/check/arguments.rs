//! Arguments that cannot be computed where they stand.

use super::super::model::{Child, Kind, Level, Tree};
use super::siblings::Mentioned;
use crate::{diag::Diag, text::child as text};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// In the expression form both may mean something of the user's.
pub(crate) fn check(tree: &mut Tree, d: &mut Diag) {
    if tree.item.is_none() {
        return;
    }
    let parameters = tree.parameters().iter();
    let parameters: Vec<_> = parameters.map(|parameter| parameter.name.clone()).collect();
    level(&mut tree.root, &parameters, d);
}

fn level(level: &mut Level, parameters: &[Ident], d: &mut Diag) {
    for child in &mut level.children {
        if let Kind::Tree(inner) = &mut child.kind {
            self::level(inner, parameters, d);
            continue;
        }
        if let Some(name) = &child.options.name
            && let Some(word) = unquoted(name, parameters)
        {
            d.report(name, text::unquoted_name(&word));
            child.options.name = None;
        }
        let before = d.count();
        child_of(child, parameters, d);
        child.sound &= d.count() == before;
    }
}

fn child_of(child: &Child, parameters: &[Ident], d: &mut Diag) {
    let arguments = match &child.kind {
        Kind::Server { arguments, .. } | Kind::Pool { arguments, .. } => arguments.stream(),
        Kind::Task { future } => future.stream(),
        _ => return,
    };
    selves(arguments.clone(), d);
    if let Kind::Task { .. } = child.kind
        && child.sound
        && let Some(parameter) = borrowed(&arguments, parameters)
    {
        d.report(&parameter, text::borrowing_task(&parameter.to_string()));
    }
}

/// A word that no text has: what is in small letters can only be a parameter here.
fn unquoted(name: &TokenStream, parameters: &[Ident]) -> Option<String> {
    let word = syn::parse2::<Ident>(name.clone()).ok()?;
    let is_lower = !word.to_string().chars().any(char::is_uppercase);
    (is_lower && !parameters.contains(&word)).then(|| word.to_string())
}

/// Reports `self.counter()`; `self::counter()` is a path.
fn selves(tokens: TokenStream, d: &mut Diag) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_dot =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '.');
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 1), tokens.get(at + 2)) {
            (TokenTree::Ident(word), Some(dot), Some(TokenTree::Ident(sibling)))
                if word == "self" && is_dot(dot) =>
            {
                d.report(word, text::argument_of_self(&sibling.to_string()));
            }
            (TokenTree::Group(group), ..) => selves(group.stream(), d),
            _ => {}
        }
    }
}

/// The parameter that an `async` block of a task uses: it has a reference, which it would keep.
fn borrowed(future: &TokenStream, parameters: &[Ident]) -> Option<Ident> {
    let mut all = Mentioned::default();
    all.scan(future.clone(), false);
    let mut inside = Mentioned::default();
    blocks(future.clone(), &mut inside);
    let is_parameter = |name: &Ident| parameters.contains(name) && !all.binds(name);
    inside.values.into_iter().find(is_parameter)
}

fn blocks(tokens: TokenStream, inside: &mut Mentioned) {
    let mut is_async = false;
    for token in tokens {
        match token {
            TokenTree::Ident(word) => is_async = word == "async" || (is_async && word == "move"),
            TokenTree::Group(group) => {
                match group.delimiter() {
                    Delimiter::Brace if is_async => inside.scan(group.stream(), true),
                    _ => blocks(group.stream(), inside),
                }
                is_async = false;
            }
            _ => is_async = false,
        }
    }
}
