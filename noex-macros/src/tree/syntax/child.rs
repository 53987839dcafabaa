//! One entry of a tree: `name: Server(arguments)` and its kin.

use super::super::model::{Child, Kind};
use super::super::written;
use super::attribute::Attribute;
use super::{arguments, entry::Entry, foreign, many, options, server::server};
use crate::{
    diag::Diag,
    syntax::pretty::pretty,
    text::{child as strange, tree as text},
};
use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use syn::ext::IdentExt;

const OURS: &[&str] = &["child", "tree", "pool", "dynamic"];
/// What users may put on the accessor of a child.
const ACCESSOR: &[&str] = &["doc", "allow", "deprecated", "must_use"];

/// Reads an entry. Nothing comes back when it has not even a name.
pub(crate) fn read(entry: Entry, d: &mut Diag) -> Option<Child> {
    let (name, value) = name(&entry, d)?;
    // After a half entry the missing separator is not what is wrong.
    if let Some(TokenTree::Group(_)) = entry.follows {
        d.report(&name, text::missing_comma(&name.to_string()));
    }
    if let Some(late) = &entry.late {
        d.report(late, strange::late_attribute(&name.to_string()));
    }
    let mut child = Child {
        attributes: TokenStream::new(),
        options: options::child(&entry.attributes, d),
        name,
        kind: Kind::Unknown,
        needs: Vec::new(),
        sound: true,
    };
    let before = d.count();
    child.kind = kind(&child.name, value, &entry.attributes, d);
    // What is wrong inside a nested tree is its own business.
    child.sound = match &child.kind {
        Kind::Tree(_) => true,
        Kind::Server { arguments, .. }
        | Kind::Pool { arguments, .. }
        | Kind::Task { future: arguments }
            if arguments::are_completed(arguments) =>
        {
            d.count() == before + 1
        }
        _ => d.count() == before,
    };
    attributes(&entry.attributes, &mut child, d);
    Some(child)
}

/// The name before the colon, and what comes after it.
fn name<'a>(entry: &'a Entry, d: &mut Diag) -> Option<(Ident, &'a [TokenTree])> {
    let is = |at: usize, char: char| matches!(entry.tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == char);
    if entry.stands_before {
        let tokens: TokenStream = entry.tokens.iter().cloned().collect();
        match &entry.tokens[0] {
            TokenTree::Ident(word) if word == "pub" => {
                d.report(&tokens, text::visible_child(&pretty(&tokens)));
            }
            word => match many::meant_attribute(&entry.tokens) {
                Some(meant) => {
                    let text =
                        strange::attribute_as_word(&word.to_string(), &pretty(&meant.tokens));
                    d.report(&tokens, text);
                }
                None => d.report(&tokens, strange::word_before(&pretty(&tokens))),
            },
        }
        return None;
    }
    let joint = |at: usize| matches!(entry.tokens.get(at), Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint);
    let Some(first) = entry.tokens.first() else {
        let last = entry.attributes.last().map(|attribute| &attribute.tokens);
        match entry.follows {
            Some(_) => d.report(last, strange::trailing_attribute()),
            None => d.report(last, text::no_name("Server(..)")),
        }
        return None;
    };
    match first {
        TokenTree::Literal(literal) if is(1, ':') => {
            let tokens = TokenStream::from(TokenTree::Literal(literal.clone()));
            let name = crate::syntax::options::meant(&tokens).unwrap_or("name".to_owned());
            d.report(literal, text::quoted_name(&name));
            None
        }
        TokenTree::Ident(name) if entry.tokens.len() == 1 => {
            usable(name, d).map(|name| (name, &entry.tokens[1..]))
        }
        TokenTree::Ident(name) if is(1, ':') && !(joint(1) && is(2, ':')) => {
            usable(name, d).map(|name| (name, &entry.tokens[2..]))
        }
        TokenTree::Ident(name) if is(1, '=') && is(2, '>') && !is(3, '=') => {
            let value = &entry.tokens[3..];
            let server = pretty(value.iter().cloned().collect::<TokenStream>());
            d.report(&entry.tokens[1], strange::arrow(&name.to_string(), &server));
            usable(name, d).map(|name| (name, value))
        }
        TokenTree::Ident(name) if is(1, '=') && !is(2, '=') => {
            let value = &entry.tokens[2..];
            let tree =
                matches!(value, [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace);
            d.report(&entry.tokens[1], text::equals(&name.to_string(), tree));
            tree.then(|| usable(name, d).map(|name| (name, value)))
                .flatten()
        }
        TokenTree::Ident(word) if word == "let" => variable(entry, d),
        _ => {
            let tokens: TokenStream = entry.tokens.iter().cloned().collect();
            d.report(tokens, foreign::nameless(&entry.tokens));
            None
        }
    }
}

/// `let name = Server(arguments)`, which later ones may use.
fn variable<'a>(entry: &'a Entry, d: &mut Diag) -> Option<(Ident, &'a [TokenTree])> {
    let mutable = matches!(entry.tokens.get(1), Some(TokenTree::Ident(word)) if word == "mut");
    let at = 1 + usize::from(mutable);
    let all: TokenStream = entry.tokens.iter().cloned().collect();
    let Some(TokenTree::Ident(name)) = entry.tokens.get(at) else {
        d.report(all, text::no_name("Server(..)"));
        return None;
    };
    let value = entry.tokens.get(at + 2..).unwrap_or_default();
    let server = pretty(value.iter().cloned().collect::<TokenStream>());
    d.report(all, strange::variable(&name.to_string(), &server));
    usable(name, d).map(|name| (name, value))
}

/// A name that can be the name of a function.
fn usable(name: &Ident, d: &mut Diag) -> Option<Ident> {
    if *name == "_" {
        d.report(name, text::no_name("Server(..)"));
        return None;
    }
    if syn::parse2::<Ident>(TokenTree::from(name.clone()).into()).is_err() {
        d.report(name, text::keyword(&name.to_string()));
        return None;
    }
    Some(name.clone())
}

fn attributes(attributes: &[Attribute], child: &mut Child, d: &mut Diag) {
    for attribute in attributes {
        let name = attribute
            .name
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        match name.as_str() {
            "child" => {}
            "tree" if matches!(child.kind, Kind::Tree(_) | Kind::Unknown) => {}
            "tree" => d.report(&attribute.name, text::tree_attribute(&child.id())),
            "pool" | "dynamic" => {}
            "cfg" | "cfg_attr" => d.report(&attribute.tokens, text::cfg()),
            name if ACCESSOR.contains(&name) && attribute.is_sound() => {
                child.attributes.extend(attribute.tokens.clone());
            }
            name if ACCESSOR.contains(&name) => {
                d.report(&attribute.tokens, text::half_attribute());
            }
            name if options::attribute_of(name).is_some() => {
                let ours = options::attribute_of(name).unwrap_or_default();
                let value = match attribute.arguments.is_empty() {
                    true => pretty(&attribute.other),
                    false => pretty(&attribute.arguments),
                };
                let value = value.trim_start_matches(['=', ' ']);
                let option = match value {
                    "" => name.to_owned(),
                    value => format!("{name} = {value}"),
                };
                d.report(
                    &attribute.name,
                    strange::option_as_attribute(name, ours, &option),
                );
            }
            name => {
                let known = [OURS, &["doc"]].concat();
                match &attribute.name {
                    Some(at) => d.report(at, text::unknown_attribute(name, &known)),
                    None => d.report(&attribute.tokens, text::unknown_attribute(name, &known)),
                }
            }
        }
    }
}

fn kind(name: &Ident, value: &[TokenTree], outer: &[Attribute], d: &mut Diag) -> Kind {
    let id = name.unraw().to_string();
    let given = |word: &str| outer.iter().find(|attribute| attribute.is(word));
    if options::has_dynamic(outer) && arguments::call(value).is_none() {
        return dynamic(name, value, &[], d);
    }
    if let Some(dynamic) = given("dynamic") {
        if let Some(pool) = given("pool") {
            let later = if outer.iter().position(|it| it.is("pool"))
                > outer.iter().position(|it| it.is("dynamic"))
            {
                pool
            } else {
                dynamic
            };
            d.report(&later.name, text::pool_and_dynamic());
        }
        return self::dynamic(name, value, outer, d);
    }
    if given("pool").is_some() {
        return pool(name, value, outer, d);
    }
    match value {
        [] => {
            d.report(name, text::no_server(&id));
            Kind::Unknown
        }
        [TokenTree::Group(group)]
            if group.delimiter() == Delimiter::Brace && !foreign::is_tuple(group) =>
        {
            let (level, other_crate) = super::level(outer, group.stream(), d);
            if let Some(other_crate) = other_crate {
                d.report(other_crate, text::root_only());
            }
            Kind::Tree(level)
        }
        _ => match equals(value) {
            Some(cut) if !has_options_behind(&value[..cut]) => {
                spec(name, &value[..cut], &value[cut + 1..], d)
            }
            Some(_) => server(name, value, d),
            None => server(name, value, d),
        },
    }
}

/// `Server(1) restart`, which is no type: `= transient` follows.
fn has_options_behind(ty: &[TokenTree]) -> bool {
    let tokens: TokenStream = ty.iter().cloned().collect();
    arguments::call(ty).is_some() && syn::parse2::<syn::Type>(tokens).is_err()
}

/// `Session`, whose arguments are given later.
fn dynamic(name: &Ident, value: &[TokenTree], outer: &[Attribute], d: &mut Diag) -> Kind {
    let id = name.unraw().to_string();
    let options = options::dynamic(outer, d);
    if value.is_empty() {
        d.report(name, text::no_dynamic_server(&id, "Server"));
        return Kind::Unknown;
    }
    if matches!(&value[0], TokenTree::Ident(word) if word == "task") {
        d.report(
            value.iter().cloned().collect::<TokenStream>(),
            strange::dynamic_task(&id),
        );
        return Kind::Unknown;
    }
    let path = match arguments::call(value) {
        Some(call) => {
            let server = written(&call.path);
            d.report(&call.arguments, text::dynamic_arguments(&id, &server));
            call.path
        }
        None => value.iter().cloned().collect(),
    };
    if syn::parse2::<syn::TypePath>(path.clone()).is_err() {
        let server = foreign::first_path(&path).unwrap_or("Server".to_owned());
        d.report(path, text::no_dynamic_server(&id, &server));
        return Kind::Unknown;
    }
    Kind::Dynamic { path, options }
}

fn pool(name: &Ident, value: &[TokenTree], outer: &[Attribute], d: &mut Diag) -> Kind {
    let id = name.unraw().to_string();
    let options = options::pool(outer, d);
    let braces =
        matches!(value, [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace);
    if value.is_empty() || braces || equals(value).is_some() {
        d.report(name, text::pool_of_what(&id));
        return Kind::Unknown;
    }
    let function = arguments::call(value).is_some_and(|call| foreign::is_function(&call.path));
    if function {
        d.report(name, text::pool_of_what(&id));
        return Kind::Unknown;
    }
    match server(name, value, d) {
        Kind::Server { path, arguments } => Kind::Pool {
            path,
            arguments,
            options,
        },
        kind => kind,
    }
}

/// The `=` of `Ref<Server> = spec`.
fn equals(value: &[TokenTree]) -> Option<usize> {
    let mut angles = 0_usize;
    let mut joint = false;
    for (at, token) in value.iter().enumerate() {
        let TokenTree::Punct(punct) = token else {
            joint = false;
            continue;
        };
        let alone = !joint && punct.spacing() == Spacing::Alone;
        match punct.as_char() {
            '<' => angles += 1,
            '>' if !joint => angles = angles.saturating_sub(1),
            '=' if alone && angles == 0 => return Some(at),
            _ => {}
        }
        // `>` closes even when another follows, as in `Ref<Cache<u64>> =`.
        joint = punct.spacing() == Spacing::Joint && punct.as_char() != '>';
    }
    None
}

fn spec(name: &Ident, ty: &[TokenTree], spec: &[TokenTree], d: &mut Diag) -> Kind {
    let id = name.unraw().to_string();
    let ty: TokenStream = ty.iter().cloned().collect();
    let start = foreign::spec_of_start(spec);
    let spec: TokenStream = spec.iter().cloned().collect();
    if ty.is_empty() {
        d.report(name, text::no_type(&id));
        return Kind::Unknown;
    }
    if syn::parse2::<syn::Type>(ty.clone()).is_err() {
        d.report(ty, text::no_type(&id));
        return Kind::Unknown;
    }
    if spec.is_empty() {
        d.report(name, text::no_spec(&id));
    } else if let Err(error) = syn::parse2::<syn::Expr>(spec.clone()) {
        d.report(&spec, text::half_spec(&error.to_string()));
    } else if let Some(meant) = start {
        d.report(&spec, strange::start_as_spec(&written(&ty), &id, &meant));
    }
    Kind::Spec { ty, spec }
}
