//! What a tree must be, beyond its syntax.

mod arguments;
mod names;
mod options;
mod siblings;

use super::model::Tree;
use crate::diag::Diag;
use proc_macro2::Span;

/// Something that compiles and is hardly meant.
pub(crate) struct Warning {
    pub(crate) at: Span,
    pub(crate) text: String,
}

/// Reports mistakes, and notes which siblings each child needs.
pub(crate) fn check(tree: &mut Tree, d: &mut Diag) -> Vec<Warning> {
    names::check(tree, d);
    arguments::check(tree, d);
    siblings::resolve(tree, d);
    options::check(tree, d)
}
