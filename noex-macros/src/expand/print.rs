//! `print`: shows the expansion.

use crate::expand::scope::Scope;
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

/// One line for each item, statement and opening brace: not rustfmt, but readable.
fn lines(tokens: TokenStream, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let mut line = TokenStream::new();
    let flush = |line: &mut TokenStream, out: &mut String| {
        let tokens = std::mem::take(line);
        if !tokens.is_empty() {
            out.push_str(&indent);
            out.push_str(&crate::syntax::pretty::pretty(tokens));
            out.push('\n');
        }
    };
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                line.extend(quote!(@));
                flush(&mut line, out);
                out.truncate(out.trim_end_matches(['@', '\n']).len());
                out.push_str("{\n");
                lines(group.stream(), depth + 1, out);
                out.push_str(&indent);
                out.push_str("}\n");
            }
            token => {
                let ends = matches!(&token, TokenTree::Punct(p) if ";,".contains(p.as_char()));
                line.extend([token]);
                if ends && angles(&line) == 0 {
                    flush(&mut line, out);
                }
            }
        }
    }
    flush(&mut line, out);
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
