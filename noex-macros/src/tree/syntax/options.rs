//! `#[tree(..)]` and `#[child(..)]`.

use super::super::model::{
    AutoShutdown, ChildOptions, Intensity, Restart, Shutdown, Strategy, TreeOptions,
};
use super::attribute::Attribute;
use crate::diag::{Diag, did_you_mean};
use crate::syntax::{
    duration,
    options::{self, Opt},
};
use crate::text::tree as text;
use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};

const TREE: &[&str] = &["strategy", "intensity", "auto_shutdown", "crate"];
const CHILD: &[&str] = &["restart", "shutdown", "significant", "name", "backoff"];

const STRATEGIES: &[(&str, Option<Strategy>)] = &[
    ("one_for_one", Some(Strategy::OneForOne)),
    ("one_for_all", Some(Strategy::OneForAll)),
    ("rest_for_one", Some(Strategy::RestForOne)),
    ("dependents", None),
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

/// Reads all `#[tree(..)]`s of one supervisor; gives back its `crate` option.
pub(crate) fn tree<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    tree: &mut TreeOptions,
    d: &mut Diag,
) -> Option<TokenStream> {
    let mut other_crate = None;
    for opt in list(attributes, "tree", d) {
        match opt.key.to_string().as_str() {
            "strategy" => match opt.word("strategy", STRATEGIES, d) {
                Some(Some(strategy)) => tree.strategy = strategy,
                Some(None) => {
                    d.report(opt.value.as_ref(), text::dependents());
                    // At least as much is restarted, so nothing else looks wrong.
                    tree.strategy = Strategy::RestForOne;
                }
                None => {}
            },
            "intensity" => tree.intensity = intensity(&opt, d),
            "auto_shutdown" => {
                if let Some(word) = opt.word("auto shutdown", AUTO_SHUTDOWN, d) {
                    tree.auto_shutdown = word;
                }
            }
            "crate" => other_crate = opt.value("::noex", d).cloned(),
            _ => opt.unknown("`#[tree]` option", TREE, d),
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
            "name" => child.name = opt.value("\"database\"", d).cloned(),
            "backoff" => d.report(&opt.key, text::backoff()),
            _ => opt.unknown("`#[child]` option", CHILD, d),
        }
    }
    child
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
    if let [TokenTree::Literal(count)] = restarts
        && count.to_string().replace('_', "").parse::<u32>().is_err()
    {
        d.report(count, text::intensity());
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
