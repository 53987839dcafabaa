//! `print`: shows the expansion.

use crate::{expand::scope::Scope, syntax::pretty::pretty};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// A warning is the only message that a macro can give without failing the build, and using
/// something deprecated is the only warning with a text of our own.
pub(crate) fn expand(scope: &Scope<'_>, generated: &TokenStream) -> TokenStream {
    let Some(word) = &scope.server.options.print else {
        return TokenStream::new();
    };
    let mut text = String::from("the expansion is\n\n");
    lines(generated.clone(), 0, &mut text);
    let used = quote_spanned!(word.span()=> gen_server_print);
    quote! {
        const _: () = {
            #[deprecated(note = #text)]
            const fn gen_server_print() {}
            #used()
        };
    }
}

/// One line for each attribute, statement and opening brace: not rustfmt, but readable.
fn lines(tokens: TokenStream, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let mut line = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let body = match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                Some(group.stream()).filter(|body| !body.is_empty())
            }
            _ => None,
        };
        let is_attribute = matches!(&token, TokenTree::Group(group)
            if group.delimiter() == Delimiter::Bracket && line.to_string() == "#");
        let is_end = matches!(&token, TokenTree::Punct(punct) if ";,".contains(punct.as_char()));
        if let Some(body) = body {
            let head = pretty(std::mem::take(&mut line));
            out.push_str(&format!("{indent}{head} {{\n"));
            lines(body, depth + 1, out);
            let next = tokens.next_if(
                |next| matches!(next, TokenTree::Punct(punct) if ";,".contains(punct.as_char())),
            );
            let next = next.map(|next| next.to_string()).unwrap_or_default();
            out.push_str(&format!("{indent}}}{next}\n"));
            continue;
        }
        line.extend([token]);
        if is_attribute || is_end && angles(&line) == 0 || tokens.peek().is_none() {
            let line = pretty(std::mem::take(&mut line));
            out.push_str(&format!("{indent}{line}\n"));
        }
    }
}

/// How many `<` are open, so that no line ends between the arguments of a type.
fn angles(line: &TokenStream) -> i32 {
    let mut before = ' ';
    let mut open = 0;
    for token in line.clone() {
        let TokenTree::Punct(punct) = token else {
            before = ' ';
            continue;
        };
        open += match punct.as_char() {
            '<' => 1,
            '>' if before != '-' && before != '=' => -1,
            _ => 0,
        };
        before = punct.as_char();
    }
    open
}
