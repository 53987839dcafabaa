//! `#[tree(..)]` and `#[child(..)]`.

use super::super::model::{
    AutoShutdown, Backoff, ChildOptions, DynamicOptions, PoolOptions, Restart, Route, Shutdown,
    Strategy, TreeOptions,
};
use super::attribute::Attribute;
use super::intensity::{self, intensity};
use crate::diag::{Diag, Text, did_you_mean};
use crate::syntax::{
    duration,
    options::{self, Opt},
    pretty::pretty,
};
use crate::text::{child as strange, option, tree as text};
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

/// The options whose values are words, or may be.
const WORDS: [(&str, &[&str]); 5] = [
    (
        "strategy",
        &["one_for_one", "one_for_all", "rest_for_one", "dependents"],
    ),
    ("auto_shutdown", &["any_significant", "all_significant"]),
    ("restart", &["permanent", "transient", "temporary"]),
    ("shutdown", &["brutal_kill", "infinity"]),
    ("route", &["round_robin", "least_busy", "by_key"]),
];

/// What a server decides, not its tree.
const OF_SERVERS: [&str; 9] = [
    "mailbox",
    "overflow",
    "call_timeout",
    "init_timeout",
    "idle",
    "trap_exit",
    "inline",
    "stuck",
    "timing",
];

/// How others say that a child depends on siblings.
const NEEDS: [&str; 4] = ["needs", "depends_on", "after", "requires"];

/// The attribute of a child that takes an option of this name.
pub(crate) fn attribute_of(option: &str) -> Option<&'static str> {
    let found = ATTRIBUTES
        .iter()
        .skip(1)
        .find(|known| known.1.contains(&option));
    found.map(|known| known.0)
}

/// Whether an attribute of this name on a tree means one of its options, or is a `#[tree(..)]` mistyped.
pub(crate) fn is_tree_word(word: &str) -> bool {
    TREE.contains(&word) && word != "crate"
        || ["supervisor", "child"].contains(&word)
        || word != "test" && did_you_mean(word, &["tree"]).is_some()
}

/// Whether a parameter of this name is meant to be an option of the tree.
pub(crate) fn is_tree_option(word: &str) -> bool {
    TREE.contains(&word)
}

/// The option of the tree, and its value, that a child of this name is meant to be: `strategy: :one_for_all`.
pub(crate) fn of_tree(name: &str, value: &[TokenTree]) -> Option<(String, String)> {
    if intensity::is_half(name) {
        let value = TokenStream::from_iter(value.to_vec());
        return Some(("intensity".to_owned(), intensity::meant(&value)));
    }
    if !is_tree_option(name) {
        return None;
    }
    // A symbol of Elixir.
    let is_colon =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let value = match value {
        [colon, value @ ..] if is_colon(colon) => value,
        value => value,
    };
    let tokens = TokenStream::from_iter(value.to_vec());
    let value = match name {
        "intensity" => intensity::meant(&tokens),
        _ => options::meant(&tokens)?,
    };
    Some((name.to_owned(), value))
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
    let many = ["pool", "dynamic"].contains(&attribute);
    let word = WORDS.iter().find(|(option, words)| {
        opt.value.is_none() && of(attribute).contains(option) && words.contains(&key.as_str())
    });
    if let Some((option, _)) = word {
        d.report(&opt.key, option::word_alone(option, &key));
    } else if attribute == "child" && key == "id" {
        d.report(&opt.key, strange::id_option());
    } else if attribute == "child" && NEEDS.contains(&key.as_str()) {
        d.report(&opt.key, strange::needs_option(&key));
    } else if OF_SERVERS.contains(&key.as_str()) {
        d.report(&opt.key, strange::option_of_server(&key, &opt.written()));
    } else if attribute == "child" && intensity::is_half(&key) {
        d.report(&opt.key, strange::intensity_of_child(&key));
    } else if many && ["strategy", "auto_shutdown"].contains(&key.as_str()) {
        d.report(&opt.key, text::one_for_one_anyway(&key, attribute));
    } else if attribute == "pool" && key == "restart" {
        d.report(&opt.key, text::restart_of_workers(&opt.written()));
    } else if attribute == "child" && ["pool", "dynamic"].contains(&key.as_str()) {
        let size = opt.value.as_ref().map(pretty);
        d.report(&opt.key, text::attribute_as_option(&key, size.as_deref()));
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
    for opt in intensity::without_halves(list(attributes, "tree", d), d) {
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

/// Whether a child is dynamic by an option, which is a mistake of its own.
pub(crate) fn has_dynamic(attributes: &[Attribute]) -> bool {
    let children = attributes.iter().filter(|attribute| attribute.is("child"));
    let mut words = children.flat_map(|attribute| attribute.arguments.clone());
    words.any(|token| matches!(token, TokenTree::Ident(word) if word == "dynamic"))
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
    for opt in intensity::without_halves(list(attributes.iter(), "dynamic", d), d) {
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
    for opt in intensity::without_halves(list(attributes.iter(), "pool", d), d) {
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
    if let Some(meant) = meant_count(value) {
        let key = opt.key.to_string();
        d.report(value, option::not_a_number(&key, &pretty(value), &meant));
        return None;
    }
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

/// The count that a text or a number with a point was meant to be.
pub(crate) fn meant_count(value: &TokenStream) -> Option<String> {
    let meant = match syn::parse2::<syn::Lit>(value.clone()).ok()? {
        syn::Lit::Str(text) => text.value(),
        syn::Lit::Float(number) => number.base10_digits().split('.').next()?.to_owned(),
        _ => return None,
    };
    let is_count = meant.parse::<u64>().is_ok_and(|count| count > 0);
    Some(if is_count { meant } else { "4".to_owned() })
}

/// How others call the ways in which waits grow.
const BACKOFFS: [&str; 4] = ["constant", "doubling", "exponential", "linear"];

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
    let other = matches!(first, [TokenTree::Group(group)] if options::split(group.stream()).len() > 1)
        || matches!(first, [TokenTree::Ident(word)] if BACKOFFS.iter().any(|known| word == known))
        || matches!(longest, Some([TokenTree::Punct(_), ..]));
    if other || first.is_empty() || longest.is_some_and(<[_]>::is_empty) {
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

/// The option of an attribute that takes one count.
fn only_count(attribute: &str) -> Option<&'static str> {
    match attribute {
        "pool" => Some("size"),
        "dynamic" => Some("max"),
        _ => None,
    }
}

/// The option that `= value` behind the name of an attribute is meant to be.
fn option_alone(attribute: &str, behind: &TokenStream) -> String {
    let value = pretty(behind);
    let value = value.trim_start_matches(['=', ' ']);
    let options = ATTRIBUTES.iter().find(|known| known.0 == attribute);
    let options = options.map_or(&[][..], |known| known.1);
    let of_word = WORDS
        .iter()
        .find(|(option, words)| options.contains(option) && words.contains(&value));
    let option = match of_word {
        Some((option, _)) => Some(*option),
        None if value.parse::<u64>().is_ok() => only_count(attribute),
        None => None,
    };
    option.map_or("..".to_owned(), |option| format!("{option} = {value}"))
}

/// The options of all attributes of one name, so that none is given twice.
fn list<'a>(attributes: impl Iterator<Item = &'a Attribute>, name: &str, d: &mut Diag) -> Vec<Opt> {
    let mut all = TokenStream::new();
    for attribute in attributes.filter(|attribute| attribute.is(name)) {
        if !attribute.other.is_empty() {
            d.report(
                &attribute.other,
                text::without_parentheses(name, &option_alone(name, &attribute.other)),
            );
            continue;
        }
        let arguments = &attribute.arguments;
        if let Some(only) = only_count(name)
            && let Ok(count) = syn::parse2::<syn::LitInt>(arguments.clone())
        {
            d.report(arguments, option::unnamed(only, &count.to_string()));
            continue;
        }
        all.extend(arguments.clone());
        all.extend([TokenTree::Punct(Punct::new(',', Spacing::Alone))]);
    }
    options::read(all, d)
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
    let words = ["brutal_kill", "infinity"];
    let is_word = syn::parse2::<syn::Ident>(value.clone()).is_ok();
    if let Some(meant) = options::meant(value).filter(|_| !is_word)
        && did_you_mean(&meant, &words).is_some()
    {
        d.report(
            value,
            option::not_a_word("shutdown", &pretty(value), Some(&meant), &words),
        );
        return None;
    }
    let length = duration::read(value, d)?;
    if length.is_zero() {
        d.report(value, text::zero_shutdown());
        return None;
    }
    Some(Shutdown::After(length))
}
