//! A second `#[gen_server]` impl of one type.
//!
//! A macro sees one block alone, and rustc would report all that both generate. So the source is asked, but only in a
//! file that has a server of this name already, in whatever scope.

use crate::syntax::{block::ImplBlock, pretty::pretty, source, types};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

static SERVERS: Mutex<BTreeSet<(PathBuf, String)>> = Mutex::new(BTreeSet::new());

/// The type of the server called `name` beside which `item`, the impl of another one, stands.
pub(crate) fn other(name: &Ident, item: &TokenStream) -> Option<String> {
    let file = source::path_of(name)?;
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if servers.insert((file.clone(), name.to_string())) {
        return None;
    }
    let text = fs::read_to_string(file).ok()?;
    other_of(text.parse().ok()?, &name.to_string(), item)
}

/// The type of the first server called `name` in the scope of `item`, if that has two.
fn other_of(text: TokenStream, name: &str, item: &TokenStream) -> Option<String> {
    let scope = source::scope_of(text, item)?;
    let servers = servers(&scope, name);
    (servers.len() > 1).then(|| servers.into_iter().next())?
}

/// The types of the servers called `name` in this scope. One under `cfg` may not be there.
fn servers(tokens: &[TokenTree], name: &str) -> Vec<String> {
    let impls = tokens.iter().enumerate();
    let impls =
        impls.filter(|(_, token)| matches!(token, TokenTree::Ident(word) if word == "impl"));
    let found = impls.filter_map(|(at, _)| {
        let attributes = source::attributes(&tokens[..at]);
        let has = |word: &str| attributes.iter().any(|attribute| source::mentions(attribute, word));
        let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let end = at + tokens[at..].iter().position(is_body)?;
        if !has("gen_server") || has("cfg") {
            return None;
        }
        let block: ImplBlock = syn::parse2(tokens[at..=end].iter().cloned().collect()).ok()?;
        let is_named = types::last_segment(&block.self_ty)?.ident == name;
        is_named.then(|| pretty(&block.self_ty))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(source: &str) -> bool {
        let item = "impl S { fn b() {} }".parse().expect("tokens");
        other_of(source.parse().expect("tokens"), "S", &item).is_some()
    }

    #[test]
    fn two_blocks_of_one_scope_are_found() {
        assert!(finds(
            "#[gen_server] impl S { fn a() {} } #[noex::gen_server(print)] #[x] impl S { fn b() {} }"
        ));
        assert!(finds(
            "mod m { #[gen_server] impl S { fn a() {} } struct T; #[gen_server] impl S { fn b(){} } }"
        ));
    }

    #[test]
    fn blocks_that_need_not_meet_are_none() {
        for other in [
            "mod m { #[gen_server] impl S { fn a() {} } }",
            "fn m() { #[gen_server] impl S { fn a() {} } }",
            "impl S { fn a() {} }",
            "#[gen_server] impl T { fn a() {} }",
            "#[gen_server] #[cfg(windows)] impl S { fn a() {} }",
            "#[gen_server] impl S { fn a() {} } #[gen_server] impl S { fn c() {} } mod m;",
        ] {
            let own = "#[gen_server] impl S { fn b() {} }";
            let own = if other.contains("mod m;") {
                format!("mod n {{ {own} }}")
            } else {
                own.to_owned()
            };
            assert!(!finds(&format!("{other} {own}")), "{other}");
        }
    }
}
