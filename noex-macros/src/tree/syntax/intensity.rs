//! `intensity = 3 in 5s`, however it is written.

use super::super::model::Intensity;
use crate::{
    diag::Diag,
    syntax::{duration, options::Opt, pretty::pretty},
    text::tree as text,
};
use proc_macro2::{TokenStream, TokenTree};

/// What the two halves of an intensity are called elsewhere.
const RESTARTS: [&str; 2] = ["max_restarts", "max_intensity"];
const WINDOWS: [&str; 6] = [
    "max_seconds",
    "max_time",
    "within",
    "window",
    "period",
    "seconds",
];

/// Whether an option of this name is a half of an intensity elsewhere.
pub(super) fn is_half(name: &str) -> bool {
    RESTARTS.contains(&name) || WINDOWS.contains(&name)
}

/// Reports the halves of an intensity that are given as two options, and leaves them out.
pub(super) fn without_halves(options: Vec<Opt>, d: &mut Diag) -> Vec<Opt> {
    let half = |names: &[&str]| {
        let is_half = |opt: &&Opt| names.iter().any(|name| opt.key == name);
        let half = options.iter().find(is_half);
        half.and_then(|opt| opt.value.as_ref()).map(pretty)
    };
    let meant = written(half(&RESTARTS).as_deref(), half(&WINDOWS).as_deref());
    let mut told = false;
    let (halves, rest): (Vec<_>, Vec<_>) = options
        .into_iter()
        .partition(|opt| is_half(&opt.key.to_string()));
    for half in halves {
        if !std::mem::replace(&mut told, true) {
            let key = half.key.to_string();
            d.report(&half.key, text::half_intensity(&key, &meant));
        }
    }
    rest
}

/// An intensity of what was written for its halves.
fn written(restarts: Option<&str>, window: Option<&str>) -> String {
    let restarts = restarts.filter(|restarts| !restarts.is_empty());
    let window = match window {
        Some(window) if window.ends_with(|last: char| last.is_ascii_digit()) => {
            format!("{window}s")
        }
        Some(window) => window.to_owned(),
        None => "5s".to_owned(),
    };
    format!("{} in {window}", restarts.unwrap_or("3"))
}

/// `3 in 5s` of `3 / 5s`, `(3, 5)` or `"3 in 5s"`.
pub(crate) fn meant(value: &TokenStream) -> String {
    fn numbers(value: TokenStream, found: &mut Vec<String>) {
        for token in value {
            match token {
                TokenTree::Group(group) => numbers(group.stream(), found),
                TokenTree::Literal(literal) => {
                    match syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        Ok(text) => numbers(text.value().parse().unwrap_or_default(), found),
                        Err(_) => found.push(literal.to_string()),
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    numbers(value.clone(), &mut found);
    match &found[..] {
        [restarts, window] if restarts.parse::<u32>().is_ok() => {
            written(Some(restarts), Some(window))
        }
        [restarts] if restarts.parse::<u32>().is_ok() => written(Some(restarts), None),
        _ => written(None, None),
    }
}

/// `count in window`
pub(super) fn intensity(opt: &Opt, d: &mut Diag) -> Option<Intensity> {
    let value = opt.value("3 in 5s", d)?;
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    let cut = tokens
        .iter()
        .position(|token| matches!(token, TokenTree::Ident(word) if word == "in"));
    let parts = cut.map(|cut| (&tokens[..cut], &tokens[cut + 1..]));
    let Some((restarts, window)) = parts.filter(|(a, b)| !a.is_empty() && !b.is_empty()) else {
        d.report(value, text::intensity(&meant(value)));
        return None;
    };
    if opt.is_negative() {
        d.report(value, text::negative("intensity", "3 in 5s"));
        return None;
    }
    if let [TokenTree::Literal(count)] = restarts
        && count.to_string().replace('_', "").parse::<u32>().is_err()
    {
        d.report(count, text::intensity(&meant(value)));
        return None;
    }
    let count = restarts.iter().cloned().collect::<TokenStream>();
    if syn::parse2::<syn::Expr>(count).is_err() {
        d.report(value, text::intensity(&meant(value)));
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
