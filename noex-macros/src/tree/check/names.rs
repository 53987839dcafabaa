//! Names of children: each once, none that the tree needs for itself.

use super::super::model::{Child, Kind, Level, Tree};
use crate::{
    diag::Diag,
    syntax::place::before,
    text::{child as strange, tree as text},
};
use proc_macro2::Ident;
use syn::ext::IdentExt;

/// The functions that a tree has of its own.
const RESERVED: &[&str] = &["start", "child_spec", "tree"];

pub(crate) fn check(tree: &mut Tree, d: &mut Diag) {
    let parameters = tree.parameters().iter();
    let parameters: Vec<_> = parameters.map(|parameter| parameter.name.clone()).collect();
    tree.root.ty = tree.item.as_ref().map(|item| item.name.clone());
    let mut types = Vec::from_iter(tree.root.ty.clone());
    level(&mut tree.root, &parameters, &mut types, d);
}

/// Takes out of `level` the children that cannot stay, and names the trees in it. `types` are the
/// names so far.
fn level(level: &mut Level, parameters: &[Ident], types: &mut Vec<Ident>, d: &mut Diag) {
    let mut kept: Vec<Child> = Vec::new();
    for mut child in std::mem::take(&mut level.children) {
        let id = child.id();
        if let Some(first) = kept.iter().find(|other| other.id() == id) {
            d.report(&child.name, text::duplicate(&id, &first.runs()));
            continue;
        }
        // The expression form has no accessors to clash with.
        if level.ty.is_some() && RESERVED.contains(&id.as_str()) {
            d.report(&child.name, text::reserved(&id, RESERVED));
            continue;
        }
        if id.starts_with("__") {
            d.report(&child.name, text::underscores(&id));
            continue;
        }
        if parameters.contains(&child.name) {
            d.report(&child.name, text::parameter_name(&id));
            continue;
        }
        if let (Kind::Server { path, .. } | Kind::Pool { path, .. }, Some(tree)) =
            (&child.kind, types.first())
            && *tree == path.to_string()
        {
            d.report(path, strange::tree_in_itself(&tree.to_string()));
            child.sound = false;
        }
        if let Kind::Tree(inner) = &mut child.kind {
            inner.ty = level
                .ty
                .as_ref()
                .map(|outer| nested_type(outer, &child.name));
            if let Some(ty) = inner.ty.as_ref().filter(|ty| types.contains(ty)) {
                d.report(&child.name, text::same_type(&id, &ty.to_string()));
                continue;
            }
            types.extend(inner.ty.clone());
            self::level(inner, parameters, types, d);
        }
        kept.push(child);
    }
    level.children = kept;
}

/// The type of the tree `web` inside the tree `Shop`: `ShopWeb`.
fn nested_type(outer: &Ident, name: &Ident) -> Ident {
    let mut ty = outer.to_string();
    for word in name.unraw().to_string().split('_') {
        let mut letters = word.chars();
        ty.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        ty.extend(letters);
    }
    Ident::new(&ty, before(name.span()))
}
