//! Which siblings a child takes as arguments: only those that have started before it.

use super::super::model::{Child, Kind, Level, Need, Tree};
use crate::{diag::Diag, text::tree as text};
use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use std::collections::{HashMap, HashSet};
use syn::ext::IdentExt;

pub(crate) fn resolve(tree: &mut Tree, d: &mut Diag) {
    level(&mut tree.root, &mut Vec::new(), d);
}

/// One supervisor on the way down: its children's names, and which of them is being looked at.
struct Scope {
    names: HashMap<String, usize>,
    /// Of which nothing is known but their names.
    unknown: HashSet<usize>,
    at: usize,
}

enum Found {
    Earlier(usize, usize),
    Later,
    Itself,
    OwnTree,
}

fn find(scopes: &[Scope], name: &str) -> Option<Found> {
    scopes.iter().rev().enumerate().find_map(|(up, scope)| {
        let index = *scope.names.get(name)?;
        Some(match index.cmp(&scope.at) {
            std::cmp::Ordering::Less => Found::Earlier(up, index),
            std::cmp::Ordering::Greater => Found::Later,
            std::cmp::Ordering::Equal if up == 0 => Found::Itself,
            std::cmp::Ordering::Equal => Found::OwnTree,
        })
    })
}

fn level(level: &mut Level, scopes: &mut Vec<Scope>, d: &mut Diag) {
    let names = level.children.iter().enumerate();
    let names = names.map(|(index, child)| (child.id(), index)).collect();
    let children = level.children.iter().enumerate();
    let unknown = children.filter(|(_, child)| matches!(child.kind, Kind::Unknown));
    let unknown = unknown.map(|(index, _)| index).collect();
    scopes.push(Scope {
        names,
        unknown,
        at: 0,
    });
    for (at, child) in level.children.iter_mut().enumerate() {
        if let Some(scope) = scopes.last_mut() {
            scope.at = at;
        }
        if let Kind::Tree(inner) = &mut child.kind {
            self::level(inner, scopes, d);
        } else {
            needs(child, scopes, d);
        }
    }
    scopes.pop();
}

fn needs(child: &mut Child, scopes: &[Scope], d: &mut Diag) {
    let (tokens, spec) = match &child.kind {
        Kind::Server { arguments, .. } | Kind::Pool { arguments, .. } => {
            (arguments.stream(), false)
        }
        Kind::Task { future } => (future.stream(), false),
        Kind::Spec { spec, .. } => (spec.clone(), true),
        Kind::Dynamic { .. } | Kind::Tree(_) | Kind::Unknown => return,
    };
    let id = child.id();
    let mut mentioned = Mentioned::default();
    mentioned.scan(tokens, false);
    let bound = mentioned.bound;
    for name in mentioned.values {
        let text = name.unraw().to_string();
        if bound.contains(&text) {
            continue;
        }
        let Some(found) = find(scopes, &text) else {
            continue;
        };
        let mistake = match found {
            Found::Earlier(..) if spec => text::spec_needs(&id, &text),
            Found::Earlier(up, index) => {
                // What it would be given has no type, which is no second mistake.
                let unknown = scopes.iter().rev().nth(up).map(|scope| &scope.unknown);
                child.sound &= unknown.is_none_or(|unknown| !unknown.contains(&index));
                child.needs.push(Need { name, up, index });
                continue;
            }
            Found::Later => text::later(&id, &text),
            Found::Itself => text::itself(&text),
            Found::OwnTree => text::own_tree(&id, &text),
        };
        d.report(&name, mistake);
        child.sound = false;
    }
}

/// The names in an expression that can be those of siblings, each once.
#[derive(Default)]
pub(super) struct Mentioned {
    pub(super) values: Vec<Ident>,
    /// Names that a closure, `let` or `for` in the expression gives to something of its own.
    bound: Vec<String>,
}

impl Mentioned {
    /// Whether the name means something of the expression's own.
    pub(super) fn binds(&self, name: &Ident) -> bool {
        self.bound.contains(&name.unraw().to_string())
    }

    pub(super) fn scan(&mut self, tokens: TokenStream, braces: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    self.scan(group.stream(), group.delimiter() == Delimiter::Brace);
                }
                TokenTree::Ident(name) => self.name(name, &tokens, at, braces),
                _ => {}
            }
        }
    }

    fn name(&mut self, name: &Ident, tokens: &[TokenTree], at: usize, braces: bool) {
        let before = |back: usize| at.checked_sub(back).map(|index| &tokens[index]);
        let after = |ahead: usize| tokens.get(at + ahead);
        let field = is(before(1), '.') && !is(before(2), '.');
        let lifetime = is(before(1), '\'');
        let colons = is(after(1), ':') && is(after(2), ':') && joint(after(1));
        let path = colons || (is(before(1), ':') && is(before(2), ':') && joint(before(2)));
        let label = braces && is(after(1), ':') && !colons;
        let called = matches!(after(1), Some(TokenTree::Group(group))
            if group.delimiter() == Delimiter::Parenthesis);
        let invoked = is(after(1), '!') && matches!(after(2), Some(TokenTree::Group(_)));
        if field || lifetime || path || label || called || invoked {
            return;
        }
        let word = |token: Option<&TokenTree>, words: &[&str]| matches!(token, Some(TokenTree::Ident(word)) if words.iter().any(|known| word == known));
        let bar = |token: Option<&TokenTree>| is(token, '|');
        let mutable = word(before(1), &["mut"]) && !is(before(2), '&');
        let binds = mutable
            || word(before(1), &["let", "for", "ref"])
            || bar(before(1))
            || (bar(after(1)) && !joint(after(1)));
        if binds {
            self.bound.push(name.unraw().to_string());
        } else if !self.values.contains(name) {
            self.values.push(name.clone());
        }
    }
}

fn is(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

fn joint(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint)
}
