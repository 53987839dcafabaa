//! `Server(arguments)`, and what is written for it.

use super::super::{model::Kind, written};
use super::{arguments, foreign, many, options};
use crate::{
    diag::{Diag, Text},
    syntax::pretty::pretty,
    text::{child as strange, tree as text},
};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

pub(super) fn server(name: &Ident, value: &[TokenTree], d: &mut Diag) -> Kind {
    let id = name.unraw().to_string();
    if let Some(text) = many::many(&id, value) {
        d.report(value.iter().cloned().collect::<TokenStream>(), text);
        return Kind::Unknown;
    }
    let Some(call) = arguments::call(value) else {
        return without_arguments(name, value, d);
    };
    if call.path.to_string() == "task" {
        if !call.rest.is_empty() {
            d.report(&call.rest, behind(&id, &call));
        }
        let before = d.count();
        arguments::future(&call, d);
        return Kind::Task {
            future: completed(call.arguments, d.count() > before),
        };
    }
    if syn::parse2::<syn::TypePath>(call.path.clone()).is_err() {
        d.report(
            value.iter().cloned().collect::<TokenStream>(),
            foreign::value(&id, value),
        );
        return Kind::Unknown;
    }
    let before = d.count();
    let Some(path) = server_of(&call, &id, d) else {
        return Kind::Unknown;
    };
    let rest: Vec<_> = call.rest.clone().into_iter().collect();
    if !rest.is_empty() && (d.count() == before || !foreign::waits(&rest)) {
        d.report(&call.rest, behind(&id, &call));
    }
    if d.count() == before && foreign::is_function(&path) {
        let (written, arguments) = (written(&path), pretty(&call.arguments));
        let text = match written.as_str() {
            "noex::task" => strange::task_of_noex(&id, &format!("task{arguments}")),
            _ => strange::function(&id, &format!("{written}{arguments}")),
        };
        d.report(&path, text);
        return Kind::Task {
            future: call.arguments,
        };
    }
    let inferred = path
        .clone()
        .into_iter()
        .find(|token| matches!(token, TokenTree::Ident(word) if word == "_"));
    if let Some(inferred) = inferred {
        d.report(inferred, strange::inferred());
        return Kind::Unknown;
    }
    let before = d.count();
    arguments::check(&call.arguments, d);
    Kind::Server {
        path,
        arguments: completed(call.arguments, d.count() > before),
    }
}

/// The arguments as they are, or if some are half typed, completed where that is possible.
fn completed(arguments: Group, are_half: bool) -> Group {
    let completed = are_half.then(|| arguments::completed(&arguments));
    completed.flatten().unwrap_or(arguments)
}

fn behind(id: &str, call: &arguments::Call) -> Text {
    let server = format!("{}{}", written(&call.path), pretty(&call.arguments));
    let rest: Vec<_> = call.rest.clone().into_iter().collect();
    foreign::behind(id, &server, &rest)
}

/// What has no parentheses. If it may be a server, the users of the child need no errors of their own.
fn without_arguments(name: &Ident, value: &[TokenTree], d: &mut Diag) -> Kind {
    let id = name.unraw().to_string();
    if let Some((option, value)) = options::of_tree(&id, value) {
        d.report(name, text::option_as_child(&id, &option, &value));
        return Kind::Unknown;
    }
    let braces = matches!(value.last(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
    let path = &value[..value.len() - usize::from(braces)];
    let path: TokenStream = path.iter().cloned().collect();
    let all: TokenStream = value.iter().cloned().collect();
    if syn::parse2::<syn::TypePath>(path.clone()).is_err() {
        d.report(all, foreign::value(&id, value));
        return Kind::Unknown;
    }
    let server = written(&path);
    if braces && server == "task" {
        let body = pretty(&value[value.len() - 1]);
        d.report(all, strange::task(&id, &format!("task(async move {body})")));
        return Kind::Unknown;
    }
    if !braces && foreign::is_value(&path) {
        d.report(&path, strange::parameter(&id, &server));
        return Kind::Unknown;
    }
    if !braces && server.starts_with("Ref<") {
        d.report(&path, text::no_spec(&id));
        return Kind::Spec {
            ty: path,
            spec: TokenStream::new(),
        };
    }
    if let Some(of) = foreign::of_variant(&path) {
        d.report(&all, strange::variant(&id, &pretty(&all), &of));
        return Kind::Unknown;
    }
    if braces {
        let state = pretty(&all);
        d.report(&value[value.len() - 1], text::braces(&id, &server, &state));
    } else {
        d.report(&path, text::no_arguments(&id, &server));
    }
    Kind::Server {
        path,
        arguments: Group::new(Delimiter::Parenthesis, TokenStream::new()),
    }
}

/// `Server` of `Server::start`, which is a mistake; nothing when the server is not to be seen.
fn server_of(call: &arguments::Call, child: &str, d: &mut Diag) -> Option<TokenStream> {
    const FUNCTIONS: [&str; 6] = [
        "start",
        "start_as",
        "start_link",
        "child_spec",
        "new",
        "spec",
    ];
    let tokens: Vec<TokenTree> = call.path.clone().into_iter().collect();
    if let Some(server) = foreign::unwrapped(&call.path, &call.arguments) {
        d.report(&call.path, strange::wrapped(child, &server));
        return None;
    }
    let [
        server @ ..,
        TokenTree::Punct(_),
        TokenTree::Punct(_),
        TokenTree::Ident(function),
    ] = &tokens[..]
    else {
        return Some(call.path.clone());
    };
    if !FUNCTIONS.iter().any(|known| function == known) {
        return Some(call.path.clone());
    }
    let server: TokenStream = server.iter().cloned().collect();
    d.report(
        function,
        text::function_of_server(
            child,
            &written(&server),
            &function.to_string(),
            &pretty(&call.arguments),
        ),
    );
    Some(server)
}
