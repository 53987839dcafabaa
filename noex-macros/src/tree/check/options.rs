//! Options that contradict each other.

use super::super::model::{AutoShutdown, Kind, Level, Restart, Shutdown, Tree};
use super::Warning;
use crate::{diag::Diag, text::tree as text};
use proc_macro2::Span;
use std::time::Duration;

pub(crate) fn check(tree: &Tree, d: &mut Diag) -> Vec<Warning> {
    let at = tree
        .item
        .as_ref()
        .map_or_else(Span::call_site, |item| item.name.span());
    let mut warnings = Vec::new();
    level(&tree.root, at, &mut warnings, d);
    warnings
}

fn level(level: &Level, at: Span, warnings: &mut Vec<Warning>, d: &mut Diag) {
    if level.children.is_empty() && d.count() == 0 {
        let text = text::no_children();
        warnings.push(Warning { at, text });
    }
    for child in &level.children {
        let options = &child.options;
        if let Some(at) = options.significant {
            if options.restart == Some(Restart::Permanent) {
                d.report_at(at, text::significant_permanent());
            } else if level.options.auto_shutdown == AutoShutdown::Never {
                d.report_at(at, text::significant());
            }
        }
        if let Some(backoff) = &options.backoff
            && options.restart == Some(Restart::Temporary)
        {
            d.report_at(backoff.at, text::backoff_of_temporary());
        }
        if let Kind::Tree(inner) = &child.kind {
            budget(&child.id(), options.shutdown.as_ref(), inner, d);
            self::level(inner, child.name.span(), warnings, d);
        }
    }
    if let Some(intensity) = &level.options.intensity
        && intensity.restarts.to_string() == "0"
        && let Some(child) = level
            .children
            .iter()
            .find(|child| child.options.restart == Some(Restart::Permanent))
    {
        warnings.push(Warning {
            at: super::super::span(&intensity.restarts),
            text: text::no_restarts(&child.id()),
        });
    }
}

/// A nested tree stops its children one after another, within the time that it has itself.
fn budget(id: &str, given: Option<&Shutdown>, inner: &Level, d: &mut Diag) {
    let Some(Shutdown::After(length)) = given else {
        return;
    };
    let needed: Duration = inner
        .children
        .iter()
        .filter_map(|child| match &child.options.shutdown {
            Some(Shutdown::After(length)) => length.literal(),
            _ => None,
        })
        .sum();
    if let Some(given) = length.literal()
        && given < needed
    {
        let text = text::budget(id, &format!("{given:?}"), &format!("{needed:?}"));
        d.report(length.tokens(), text);
    }
}
