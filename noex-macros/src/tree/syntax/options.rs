//! `#[tree(..)]` and `#[child(..)]`.

use super::super::model::{
    AutoShutdown, Backoff, ChildOptions, DynamicOptions, Intensity, PoolOptions, Restart, Route,
    Shutdown, Strategy, TreeOptions,
};
use super::attribute::Attribute;
use crate::diag::{Diag, Text, did_you_mean};
use crate::syntax::{
    duration,
    options::{self, Opt},
};
use crate::text::tree as text;
use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

const TREE: &[&str] = &["strategy", "intensity", "auto_shutdown", "crate"];
const CHILD: &[&str] = &["restart", "shutdown", "significant", "name", "backoff"];

const DYNAMIC: &[&str] = &["max", "restart", "intensity"];
const POOL: &[&str] = &["size", "route", "intensity"];

const STRATEGIES: &[(&str, Strategy)] = &[
    ("one_for_one", Strategy::OneForOne),
    ("one_for_all", Strategy::OneForAll),
    ("rest_for_one", Strategy::RestForOne),
    ("dependents", Strategy::Dependents),
];

const ROUTES: &[(&str, Route)] = &[
    ("round_robin", Route::RoundRobin),
    ("least_busy", Route::LeastBusy),
    ("by_key", Route::ByKey),
];

const AUTO_SHUTDOWN: &[(&str, AutoShutdown)] = &[
    ("never", AutoShutdown::Never),
    ("any_significant", AutoShutdown::AnySignificant),
    ("all_significant", AutoShutdown::AllSignificant),
];

const RESTARTS: &[(&str, Restart)] = &[
    ("permanent", Restart::Permanent),
    ("transient", Restart::Transient),
    ("temporary", Restart::Temporary),
];

/// The attributes and what each takes.
const ATTRIBUTES: [(&str, &[&str]); 4] = [
    ("tree", TREE),
    ("child", CHILD),
    ("pool", POOL),
    ("dynamic", DYNAMIC),
];

/// Whether an attribute of this name on a tree means one of its options, or is a `#[tree(..)]` mistyped.
pub(crate) fn is_tree_word(word: &str) -> bool {
    TREE.contains(&word) && word != "crate"
        || ["supervisor", "child"].contains(&word)
        || word != "test" && did_you_mean(word, &["tree"]).is_some()
}

/// Whether a child of this name is meant to be an option of the tree.
pub(crate) fn is_tree_option(word: &str) -> bool {
    TREE.contains(&word)
}

/// Reports an option that `attribute` does not have; another one may.
fn unknown(opt: &Opt, attribute: &str, d: &mut Diag) {
    let key = opt.key.to_string();
    let of = |name: &str| {
        ATTRIBUTES
            .iter()
            .find(|known| known.0 == name)
            .map_or(&[][..], |known| known.1)
    };
    let other = ATTRIBUTES
        .iter()
        .find(|other| other.1.contains(&key.as_str()));
    if [
        "max_restarts",
        "max_seconds",
        "max_intensity",
        "within",
        "window",
        "period",
    ]
    .contains(&key.as_str())
    {
        d.report(&opt.key, text::intensity_by_another_name(&key));
    } else if let Some((other, _)) = other {
        d.report(
            &opt.key,
            text::misplaced(&key, attribute, other, &opt.written()),
        );
    } else {
        opt.unknown(&format!("`#[{attribute}]` option"), of(attribute), d);
    }
}

/// Reads all `#[tree(..)]`s of one supervisor; gives back its `crate` option.
pub(crate) fn tree<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    tree: &mut TreeOptions,
    d: &mut Diag,
) -> Option<TokenStream> {
    let mut other_crate = None;
    for opt in list(attributes, "tree", d) {
        match opt.key.to_string().as_str() {
            "strategy" => {
                if let Some(strategy) = opt.word("strategy", STRATEGIES, d) {
                    tree.strategy = strategy;
                }
            }
            "intensity" => tree.intensity = intensity(&opt, d),
            "auto_shutdown" => {
                if let Some(word) = opt.word("auto shutdown", AUTO_SHUTDOWN, d) {
                    tree.auto_shutdown = word;
                }
            }
            "crate" => {
                other_crate = opt
                    .parse::<syn::Path>("::noex", d)
                    .map(ToTokens::into_token_stream)
            }
            _ => unknown(&opt, "tree", d),
        }
    }
    other_crate
}

/// Reads all `#[child(..)]`s of one child.
pub(crate) fn child(attributes: &[Attribute], d: &mut Diag) -> ChildOptions {
    let mut child = ChildOptions::default();
    for opt in list(attributes.iter(), "child", d) {
        match opt.key.to_string().as_str() {
            "restart" => child.restart = opt.word("restart type", RESTARTS, d),
            "shutdown" => child.shutdown = shutdown(&opt, d),
            "significant" => {
                if opt.switch(d) {
                    child.significant = Some(opt.key.span());
                }
            }
            "name" => child.name = opt.expr("\"database\"", d).cloned(),
            "backoff" => child.backoff = backoff(&opt, d),
            _ => unknown(&opt, "child", d),
        }
    }
    child
}

/// Reads all `#[dynamic(..)]`s of one child.
pub(crate) fn dynamic(attributes: &[Attribute], d: &mut Diag) -> DynamicOptions {
    let mut dynamic = DynamicOptions::default();
    for opt in list(attributes.iter(), "dynamic", d) {
        match opt.key.to_string().as_str() {
            "max" => dynamic.max = count(&opt, "10_000", text::no_room(), d),
            "restart" => dynamic.restart = opt.word("restart type", RESTARTS, d),
            "intensity" => dynamic.intensity = intensity(&opt, d),
            _ => unknown(&opt, "dynamic", d),
        }
    }
    dynamic
}

/// Reads all `#[pool(..)]`s of one child.
pub(crate) fn pool(attributes: &[Attribute], d: &mut Diag) -> PoolOptions {
    let mut pool = PoolOptions::default();
    let before = d.count();
    let mut sized = false;
    for opt in list(attributes.iter(), "pool", d) {
        match opt.key.to_string().as_str() {
            "size" => {
                sized = true;
                pool.size = count(&opt, "4", text::no_workers(), d).unwrap_or_default();
            }
            "route" => {
                if let Some(route) = opt.word("route", ROUTES, d) {
                    pool.route = route;
                }
            }
            "intensity" => pool.intensity = intensity(&opt, d),
            _ => unknown(&opt, "pool", d),
        }
    }
    // A mistake in the list may be the size.
    if !sized && d.count() == before {
        let attribute = attributes.iter().find(|attribute| attribute.is("pool"));
        d.report(attribute.map(|it| &it.name), text::no_size());
    }
    pool
}

/// An expression of how many; `zero` says why it cannot be none.
fn count(opt: &Opt, example: &str, zero: Text, d: &mut Diag) -> Option<TokenStream> {
    let value = opt.value(example, d)?;
    let digits = value.to_string().replace('_', "");
    if digits.parse::<u64>().is_ok_and(|count| count == 0) {
        d.report(value, zero);
        return None;
    }
    if opt.is_negative() {
        d.report(value, text::negative(&opt.key.to_string(), example));
        return None;
    }
    opt.parse::<syn::Expr>(example, d)?;
    Some(value.clone())
}

/// `1s`, or `100ms..30s`
fn backoff(opt: &Opt, d: &mut Diag) -> Option<Backoff> {
    let value = opt.value("100ms..30s", d)?;
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    let is_dot = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == '.');
    let cut = (0..tokens.len()).find(|at| is_dot(*at) && is_dot(at + 1));
    let (first, longest) = match cut {
        None => (&tokens[..], None),
        Some(cut) => (&tokens[..cut], Some(&tokens[cut + 2..])),
    };
    if first.is_empty() || longest.is_some_and(<[_]>::is_empty) {
        d.report(value, text::backoff());
        return None;
    }
    let mut read = |tokens: &[TokenTree]| {
        let tokens: TokenStream = tokens.iter().cloned().collect();
        let length = duration::read(&tokens, d)?;
        if length.is_zero() {
            d.report(tokens, text::zero_backoff());
            return None;
        }
        Some(length)
    };
    let first = read(first)?;
    let longest = match longest {
        Some(longest) => Some(read(longest)?),
        None => None,
    };
    if let Some(longest) = &longest
        && let (Some(from), Some(to)) = (first.literal(), longest.literal())
        && from > to
    {
        d.report(value, text::shrinking_backoff());
        return None;
    }
    Some(Backoff {
        first,
        longest,
        at: opt.key.span(),
    })
}

/// The options of all attributes of one name, so that none is given twice.
fn list<'a>(attributes: impl Iterator<Item = &'a Attribute>, name: &str, d: &mut Diag) -> Vec<Opt> {
    let mut all = TokenStream::new();
    for attribute in attributes.filter(|attribute| attribute.is(name)) {
        all.extend(attribute.arguments.clone());
        all.extend([TokenTree::Punct(Punct::new(',', Spacing::Alone))]);
    }
    options::read(all, d)
}

/// `count in window`
fn intensity(opt: &Opt, d: &mut Diag) -> Option<Intensity> {
    let value = opt.value("3 in 5s", d)?;
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    let cut = tokens
        .iter()
        .position(|token| matches!(token, TokenTree::Ident(word) if word == "in"));
    let parts = cut.map(|cut| (&tokens[..cut], &tokens[cut + 1..]));
    let Some((restarts, window)) = parts.filter(|(a, b)| !a.is_empty() && !b.is_empty()) else {
        d.report(value, text::intensity());
        return None;
    };
    if opt.is_negative() {
        d.report(value, text::negative("intensity", "3 in 5s"));
        return None;
    }
    if let [TokenTree::Literal(count)] = restarts
        && count.to_string().replace('_', "").parse::<u32>().is_err()
    {
        d.report(count, text::intensity());
        return None;
    }
    let count = restarts.iter().cloned().collect::<TokenStream>();
    if syn::parse2::<syn::Expr>(count).is_err() {
        d.report(value, text::intensity());
        return None;
    }
    let window: TokenStream = window.iter().cloned().collect();
    let length = duration::read(&window, d)?;
    if length.is_zero() {
        d.report(window, text::zero_window());
        return None;
    }
    Some(Intensity {
        restarts: restarts.iter().cloned().collect(),
        window: length,
        written: value.clone(),
    })
}

fn shutdown(opt: &Opt, d: &mut Diag) -> Option<Shutdown> {
    let value = opt.value("5s", d)?;
    let word = value.to_string();
    match word.as_str() {
        "brutal_kill" => return Some(Shutdown::BrutalKill),
        "infinity" => return Some(Shutdown::Infinity),
        _ => {}
    }
    if syn::parse2::<syn::Ident>(value.clone()).is_ok()
        && let Some(near) = did_you_mean(&word, &["brutal_kill", "infinity"])
    {
        d.report(value, text::unknown_shutdown(&word, near));
        return None;
    }
    let length = duration::read(value, d)?;
    if length.is_zero() {
        d.report(value, text::zero_shutdown());
        return None;
    }
    Some(Shutdown::After(length))
}
