//! One entry of a tree: `name: Server(arguments)` and its kin.

use super::super::model::{Child, Kind};
use super::super::written;
use super::attribute::Attribute;
use super::{arguments, entry::Entry, options};
use crate::{diag::Diag, text::tree as text};
use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
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
    let Some(first) = entry.tokens.first() else {
        let last = entry.attributes.last().map(|attribute| &attribute.tokens);
        d.report(last, text::no_name("Server(..)"));
        return None;
    };
    match first {
        TokenTree::Ident(word) if entry.tokens.len() == 1 && word == "pub" => {
            d.report(word, text::visible_child());
            None
        }
        TokenTree::Literal(literal) if is(1, ':') => {
            let tokens = TokenStream::from(TokenTree::Literal(literal.clone()));
            let name = crate::syntax::options::meant(&tokens).unwrap_or("name".to_owned());
            d.report(literal, text::quoted_name(&name));
            None
        }
        TokenTree::Ident(name) if entry.tokens.len() == 1 => {
            usable(name, d).map(|name| (name, &entry.tokens[1..]))
        }
        TokenTree::Ident(name) if is(1, ':') && !is(2, ':') => {
            usable(name, d).map(|name| (name, &entry.tokens[2..]))
        }
        TokenTree::Ident(name) if is(1, '=') && !is(2, '=') => {
            d.report(&entry.tokens[1], text::equals(&name.to_string()));
            None
        }
        _ => {
            let tokens: TokenStream = entry.tokens.iter().cloned().collect();
            let example = match arguments::call(&entry.tokens) {
                Some(call) => format!("{}(..)", written(&call.path)),
                None => "Server(..)".to_owned(),
            };
            d.report(tokens, text::no_name(&example));
            None
        }
    }
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
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
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
        d.report(name, text::no_dynamic_server(&id));
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
        d.report(path, text::no_dynamic_server(&id));
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
    match server(name, value, d) {
        Kind::Server { path, arguments } => Kind::Pool {
            path,
            arguments,
            options,
        },
        Kind::Task { .. } => {
            d.report(name, text::pool_of_what(&id));
            Kind::Unknown
        }
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
    }
    Kind::Spec { ty, spec }
}

fn server(name: &Ident, value: &[TokenTree], d: &mut Diag) -> Kind {
    let id = name.unraw().to_string();
    let Some(call) = arguments::call(value) else {
        let braces = matches!(value.last(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
        let path = &value[..value.len() - usize::from(braces)];
        let path: TokenStream = path.iter().cloned().collect();
        if syn::parse2::<syn::TypePath>(path.clone()).is_err() {
            let all: TokenStream = value.iter().cloned().collect();
            d.report(all, text::no_path(&id));
            return Kind::Unknown;
        }
        let server = written(&path);
        if options::is_tree_option(&id) {
            d.report(name, text::option_as_child(&id, &server));
        } else if braces {
            d.report(&value[value.len() - 1], text::braces(&id, &server));
        } else {
            d.report(&path, text::no_arguments(&id, &server));
        }
        return Kind::Server {
            path,
            arguments: Group::new(Delimiter::Parenthesis, TokenStream::new()),
        };
    };
    if !call.rest.is_empty() {
        d.report(&call.rest, text::after_arguments(&id));
    }
    if call.path.to_string() == "task" {
        let before = d.count();
        arguments::future(&call, d);
        return Kind::Task {
            future: completed(call.arguments, d.count() > before),
        };
    }
    if syn::parse2::<syn::TypePath>(call.path.clone()).is_err() {
        d.report(&call.path, text::no_path(&id));
        return Kind::Unknown;
    }
    let before = d.count();
    arguments::check(&call.arguments, d);
    Kind::Server {
        path: server_of(call.path, &id, d),
        arguments: completed(call.arguments, d.count() > before),
    }
}

/// The arguments as they are, or if some are half typed, completed where that is possible.
fn completed(arguments: Group, are_half: bool) -> Group {
    let completed = are_half.then(|| arguments::completed(&arguments));
    completed.flatten().unwrap_or(arguments)
}

/// `Server` of `Server::start`, which is a mistake.
fn server_of(path: TokenStream, child: &str, d: &mut Diag) -> TokenStream {
    const FUNCTIONS: [&str; 6] = [
        "start",
        "start_as",
        "start_link",
        "child_spec",
        "new",
        "spec",
    ];
    let tokens: Vec<TokenTree> = path.clone().into_iter().collect();
    let [
        server @ ..,
        TokenTree::Punct(_),
        TokenTree::Punct(_),
        TokenTree::Ident(function),
    ] = &tokens[..]
    else {
        return path;
    };
    if !FUNCTIONS.iter().any(|known| function == known) {
        return path;
    }
    let server: TokenStream = server.iter().cloned().collect();
    d.report(
        function,
        text::function_of_server(child, &written(&server), &function.to_string()),
    );
    server
}
