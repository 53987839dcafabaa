//! What other languages and libraries call a child: told by its looks, and said in the words of noex.

use super::super::written;
use super::arguments;
use crate::{
    diag::{Diag, Text},
    syntax::{options, pretty::pretty},
    text::{child as text, tree},
};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// What stands before the name of something elsewhere.
const BEFORE: [&str; 14] = [
    "actor",
    "child",
    "const",
    "dynamic",
    "let",
    "mut",
    "pool",
    "process",
    "pub",
    "ref",
    "server",
    "static",
    "supervisor",
    "worker",
];

/// Code that decides which children there are.
const CODE: [&str; 5] = ["for", "if", "loop", "match", "while"];

/// Whether this is only what some write before the name of a child: `pub(crate)`, `mut`.
pub(super) fn stands_before(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Ident(word)] => BEFORE.iter().any(|before| word == before),
        [TokenTree::Ident(word), TokenTree::Group(_)] => {
            is_one_of(word, &["pub", "pool", "dynamic"])
        }
        _ => false,
    }
}

/// Whether this is a name and its colon.
pub(super) fn is_name(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Ident(_), colon] if is(colon, ':'))
}

/// Whether this is code that ends in a block, after which nothing separates.
pub(super) fn is_code(tokens: &[TokenTree]) -> bool {
    let first = matches!(tokens.first(), Some(TokenTree::Ident(word)) if is_one_of(word, &CODE));
    let last = matches!(tokens.last(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
    first && last
}

/// About an entry that has no name.
pub(super) fn nameless(entry: &[TokenTree]) -> Text {
    match entry {
        [TokenTree::Ident(word), ..] if is_one_of(word, &["for", "while", "loop"]) => {
            return text::repeated();
        }
        [TokenTree::Ident(word), ..] if is_one_of(word, &["if", "match"]) => {
            return text::conditional();
        }
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
            return text::nameless_tree();
        }
        [
            TokenTree::Punct(hash),
            TokenTree::Punct(_),
            TokenTree::Group(_),
        ] if hash.as_char() == '#' => {
            return text::late_options();
        }
        _ => {}
    }
    let Some(call) = arguments::call(entry) else {
        return tree::no_name("Server(..)");
    };
    let path = written(&call.path);
    let words = ["worker", "supervisor", "child", "start_child", "add"];
    if words.contains(&path.as_str())
        && let Some(server) = server_of_tuple(&call.arguments)
    {
        return text::nameless(&server.name(), &server.text);
    }
    let server = Server::of_call(&call.path, &call.arguments);
    let first = call
        .path
        .clone()
        .into_iter()
        .next()
        .map(|it| it.to_string());
    let first = first.unwrap_or_default();
    let is_short = call.path.clone().into_iter().count() == 4;
    if is_short && is_lower(&first) && !is_lower(&last_word(&call.path)) {
        // One colon too many, or a path.
        let single = server.text.trim_start_matches(&first);
        let single = single.trim_start_matches("::");
        return text::nameless_path(&first, single, &server.text);
    }
    text::nameless(&server.name(), &server.text)
}

/// About what follows the name of a child and is not even the path of a server.
pub(super) fn value(name: &str, value: &[TokenTree]) -> Text {
    let inner = || inner(value.iter().cloned().collect());
    match value {
        [
            TokenTree::Ident(task),
            TokenTree::Punct(_),
            TokenTree::Group(group),
        ] if task == "task" => {
            return text::task(name, &format!("task({})", pretty(group.stream())));
        }
        [TokenTree::Group(group)] if group.delimiter() != Delimiter::Bracket => {
            if let Some(server) = server_of_tuple(group) {
                return text::like_a_call(name, &server.text);
            }
        }
        [TokenTree::Group(_)] => return several(name, inner()),
        [
            TokenTree::Ident(vec),
            TokenTree::Punct(_),
            TokenTree::Group(_),
        ] if vec == "vec" => {
            return several(name, inner());
        }
        [TokenTree::Ident(word), ..] if is_one_of(word, &["if", "match"]) => {
            let server = inner().map_or("Server".to_owned(), |server| server.path);
            return text::conditional_server(name, &server);
        }
        _ => {}
    }
    let word = |token: &TokenTree, words: &[&str]| matches!(token, TokenTree::Ident(word) if is_one_of(word, words));
    if word(&value[0], &["struct", "supervisor", "tree"]) {
        return text::nested_header(name);
    }
    let closure = value.iter().take(3).any(|token| is(token, '|'));
    let upper = matches!(&value[0], TokenTree::Ident(word) if !is_lower(&word.to_string()));
    match inner() {
        Some(server) if closure => text::closure(name, &server.text),
        Some(server) => tree::no_path(name, &server.text),
        // `Counter 1`
        None if upper && value.len() == 2 && !matches!(value[1], TokenTree::Punct(_)) => {
            text::like_a_call(name, &format!("{}({})", value[0], value[1]))
        }
        None => tree::no_path(name, "Server(..)"),
    }
}

/// About what follows the arguments of a child.
pub(super) fn behind(name: &str, server: &str, rest: &[TokenTree]) -> Text {
    if waits(rest) {
        return text::waits(&pretty(TokenStream::from_iter(rest.to_vec())));
    }
    match rest {
        [star, ..] if is(star, '*') => text::several(name, server),
        _ => tree::after_arguments(name),
    }
}

/// `.await`, `?` or both.
pub(super) fn waits(rest: &[TokenTree]) -> bool {
    let known = |token: &TokenTree| match token {
        TokenTree::Ident(word) => word == "await",
        token => is(token, '.') || is(token, '?'),
    };
    let only_dot = matches!(rest, [dot] if is(dot, '.'));
    !rest.is_empty() && !only_dot && rest.iter().all(known)
}

/// `{Counter, 1}`
pub(super) fn is_tuple(group: &Group) -> bool {
    let parts = options::split(group.stream());
    let starts_upper = |part: &Vec<TokenTree>| matches!(part.first(), Some(TokenTree::Ident(word)) if !is_lower(&word.to_string()));
    parts.len() > 1 && parts.first().is_some_and(starts_upper) && server_of_tuple(group).is_some()
}

/// What is put around a server elsewhere: `Box::new(Counter(1))`.
pub(super) fn unwrapped(path: &TokenStream, arguments: &Group) -> Option<String> {
    let around = [
        "Arc", "Box", "Mutex", "Option", "Pin", "Rc", "RefCell", "RwLock", "Some",
    ];
    let tokens: Vec<_> = path.clone().into_iter().collect();
    let wrapper = match &tokens[..] {
        [.., TokenTree::Ident(ty), colon, _, TokenTree::Ident(new)]
            if is(colon, ':') && new == "new" =>
        {
            ty
        }
        [TokenTree::Ident(some)] if some == "Some" => some,
        _ => return None,
    };
    is_one_of(wrapper, &around).then(|| {
        let server = inner(arguments.stream());
        server.map_or("Server(..)".to_owned(), |server| server.text)
    })
}

/// Whether the path is that of a function, as far as names tell.
pub(super) fn is_function(path: &TokenStream) -> bool {
    let primitive = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8",
        "u16", "u32", "u64", "u128", "usize",
    ];
    let last = last_word(path);
    let is_path = path.clone().into_iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        token => is(&token, ':'),
    });
    is_path && is_lower(&last) && !last.starts_with("r#") && !primitive.contains(&last.as_str())
}

/// Whether a type can only be that of a parameter.
pub(super) fn is_value(path: &TokenStream) -> bool {
    let known = [
        "bool",
        "char",
        "f32",
        "f64",
        "i8",
        "i16",
        "i32",
        "i64",
        "isize",
        "u8",
        "u16",
        "u32",
        "u64",
        "usize",
        "Arc",
        "Box",
        "Duration",
        "HashMap",
        "Option",
        "PathBuf",
        "SocketAddr",
        "String",
        "Vec",
    ];
    let generic = path.clone().into_iter().position(|token| is(&token, '<'));
    let path: TokenStream = match generic {
        Some(at) => path.clone().into_iter().take(at).collect(),
        None => path.clone(),
    };
    let last = last_word(&path);
    let ends = ["Config", "Options", "Settings"];
    known.contains(&last.as_str()) || ends.iter().any(|end| last.ends_with(end))
}

/// The enum of `Mode::Slow`.
pub(super) fn of_variant(path: &TokenStream) -> Option<String> {
    let tokens: Vec<_> = path.clone().into_iter().collect();
    let [of @ .., colon, _, TokenTree::Ident(variant)] = &tokens[..] else {
        return None;
    };
    let of = TokenStream::from_iter(of.to_vec());
    let both_upper = !is_lower(&variant.to_string()) && !is_lower(&last_word(&of));
    (is(colon, ':') && both_upper && !of.is_empty()).then(|| written(&of))
}

/// `Counter::child_spec(1)` of `Counter::start(1)`.
pub(super) fn spec_of_start(spec: &[TokenTree]) -> Option<String> {
    let call = arguments::call(spec)?;
    let path = pretty(&call.path);
    let server = path.strip_suffix("::start")?;
    let arguments = pretty(&call.arguments);
    call.rest
        .is_empty()
        .then(|| format!("{server}::child_spec{arguments}"))
}

/// Reports a task that is given something else than a future.
pub(super) fn task(future: &[TokenTree], d: &mut Diag) {
    let all = TokenStream::from_iter(future.to_vec());
    let word = |at: usize, word: &str| matches!(future.get(at), Some(TokenTree::Ident(found)) if found == word);
    let is_async = word(0, "async");
    let bar = usize::from(is_async) + usize::from(word(usize::from(is_async), "move"));
    if future.get(bar).is_some_and(|token| is(token, '|')) {
        let end = future[bar + 1..].iter().position(|token| is(token, '|'));
        let body = end.map_or(&[][..], |end| &future[bar + 2 + end..]);
        let body = pretty(TokenStream::from_iter(body.to_vec()));
        let body = match is_async {
            true if body.starts_with('{') => format!("async move {body}"),
            true => format!("async move {{ {body} }}"),
            false => body,
        };
        d.report(all, text::task_of(&format!("task({body})")));
        return;
    }
    if let Some(call) = arguments::call(future)
        && call.rest.is_empty()
        && ["tokio::spawn", "tokio::task::spawn", "task::spawn"]
            .contains(&written(&call.path).as_str())
    {
        let inner = pretty(call.arguments.stream());
        d.report(call.path, text::spawned(&format!("task({inner})")));
    }
}

/// A server as it should be written.
pub(super) struct Server {
    path: String,
    /// With its arguments.
    pub(super) text: String,
}

impl Server {
    fn of_call(path: &TokenStream, arguments: &Group) -> Self {
        Server {
            path: written(path),
            text: format!("{}{}", written(path), pretty(arguments)),
        }
    }

    /// A name for it: `user_cache` for `UserCache`.
    fn name(&self) -> String {
        let path = self.path.split('<').next().unwrap_or_default();
        let last = path.rsplit("::").next().unwrap_or_default();
        let mut name = String::new();
        for (at, letter) in last.chars().enumerate() {
            if letter.is_uppercase() && at > 0 {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }
}

fn several(name: &str, server: Option<Server>) -> Text {
    let server = server.map_or("Server(..)".to_owned(), |server| server.text);
    text::several(name, &server)
}

/// `Counter, 1`
fn server_of_tuple(group: &Group) -> Option<Server> {
    let mut parts = options::split(group.stream()).into_iter();
    let path = TokenStream::from_iter(parts.next()?);
    syn::parse2::<syn::TypePath>(path.clone()).ok()?;
    let rest: Vec<_> = parts
        .map(|part| pretty(TokenStream::from_iter(part)))
        .collect();
    let path = written(&path);
    Some(Server {
        text: format!("{path}({})", rest.join(", ")),
        path,
    })
}

/// The first server in something else, told by its capital letter.
pub(super) fn inner(tokens: TokenStream) -> Option<Server> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let is_path = |token: &&TokenTree| matches!(token, TokenTree::Ident(_)) || is(token, ':');
        let path: Vec<_> = tokens[..at]
            .iter()
            .rev()
            .take_while(is_path)
            .cloned()
            .collect();
        let path = TokenStream::from_iter(path.into_iter().rev());
        let last = last_word(&path);
        if group.delimiter() == Delimiter::Parenthesis && !last.is_empty() && !is_lower(&last) {
            return Some(Server::of_call(&path, group));
        }
        if let Some(server) = inner(group.stream()) {
            return Some(server);
        }
    }
    None
}

/// The first server that is named, without its arguments.
pub(super) fn first_path(tokens: &TokenStream) -> Option<String> {
    let is_upper =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if !is_lower(&word.to_string()));
    tokens.clone().into_iter().find_map(|token| match &token {
        TokenTree::Group(group) => first_path(&group.stream()),
        token if is_upper(token) => Some(token.to_string()),
        _ => None,
    })
}

fn last_word(path: &TokenStream) -> String {
    match path.clone().into_iter().last() {
        Some(TokenTree::Ident(word)) => word.to_string(),
        _ => String::new(),
    }
}

fn is_lower(word: &str) -> bool {
    let first = word.trim_start_matches("r#").chars().next();
    first.is_some_and(char::is_lowercase)
}

fn is_one_of(word: &proc_macro2::Ident, words: &[&str]) -> bool {
    words.iter().any(|known| word == known)
}

fn is(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}
