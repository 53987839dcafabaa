//! An `impl` block whose function bodies stay the tokens they are.
//!
//! That is several times cheaper than a full parse, and a half-typed body cannot break the macro.

use crate::syntax::function::Method;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree, extra::DelimSpan};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Generics, Ident, Result, Token, Type,
    parse::{Parse, ParseStream, Parser, discouraged::Speculative},
};

pub(crate) struct ImplBlock {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) safety: Option<Token![unsafe]>,
    impl_token: Token![impl],
    pub(crate) generics: Generics,
    /// The trait, in the impl of one.
    pub(crate) of_trait: Option<TokenStream>,
    pub(crate) self_ty: Type,
    pub(crate) members: Vec<Member>,
    brace: DelimSpan,
}

pub(crate) enum Member {
    Fn(Box<Method>),
    /// A constant, a type, a macro call, or something half typed.
    Other(TokenStream),
}

impl ImplBlock {
    pub(crate) fn methods_mut(&mut self) -> impl Iterator<Item = &mut Method> {
        self.members.iter_mut().filter_map(|member| match member {
            Member::Fn(method) => Some(&mut **method),
            Member::Other(_) => None,
        })
    }
}

impl Parse for ImplBlock {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let safety = input.parse()?;
        let impl_token = input.parse()?;
        let mut generics: Generics = input.parse()?;
        let mut self_ty: Type = input.parse()?;
        let mut of_trait = None;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            of_trait = Some(self_ty.into_token_stream());
            self_ty = input.parse()?;
        }
        generics.where_clause = input.parse()?;
        let body = braces(input)?;
        let members = members.parse2(body.stream())?;
        Ok(Self {
            attrs,
            safety,
            impl_token,
            generics,
            of_trait,
            self_ty,
            members,
            brace: body.delim_span(),
        })
    }
}

/// `<>` for no parameters at all. Where there is nothing the compiler sees room for one, at the user's place or at ours, and
/// proposes it for each type that it does not know: one unknown type would be several errors, told apart by these proposals.
pub(crate) fn visible(params: TokenStream) -> TokenStream {
    if params.is_empty() {
        return quote!(<>);
    }
    params
}

/// A group in braces, unread.
pub(crate) fn braces(input: ParseStream<'_>) -> Result<Group> {
    match input.parse()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Ok(group),
        // `$body:block` of a `macro_rules!` comes wrapped.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            braces.parse2(group.stream())
        }
        other => Err(syn::Error::new_spanned(other, "expected `{`")),
    }
}

fn members(input: ParseStream<'_>) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    while !input.is_empty() {
        let ahead = input.fork();
        members.push(match ahead.parse::<Method>() {
            Ok(method) => {
                input.advance_to(&ahead);
                Member::Fn(Box::new(method))
            }
            Err(_) => Member::Other(opaque(input)?),
        });
    }
    Ok(members)
}

/// The tokens of one member, up to its `;` or its braces, or to where the next one begins if this is half typed.
fn opaque(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let ahead = input.fork();
    if let Ok(attributes) = ahead.call(Attribute::parse_outer) {
        input.advance_to(&ahead);
        tokens.extend(attributes.iter().map(ToTokens::to_token_stream));
    }
    // What stands before its `fn` begins this member, not the next one.
    let mut is_begun = false;
    while !(input.is_empty() || is_begun && begins(input)) {
        let token: TokenTree = input.parse()?;
        is_begun |= !is_qualifier(&token) || input.peek(Token![pub]) || input.peek(Token![#]);
        let last = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        tokens.extend([token]);
        if last {
            break;
        }
    }
    Ok(tokens)
}

/// `pub`, `(crate)`, `async`, `extern`, `"C"`
fn is_qualifier(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => {
            let words = ["pub", "const", "async", "unsafe", "extern"];
            words.iter().any(|known| word == known)
        }
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Literal(_) => true,
        TokenTree::Punct(_) => false,
    }
}

/// Whether something stands here that can only begin a member.
fn begins(input: ParseStream<'_>) -> bool {
    if input.peek(Token![#]) {
        return input.peek2(syn::token::Bracket);
    }
    let ahead = input.fork();
    let word = |input: ParseStream<'_>| input.parse::<Ident>().is_ok_and(|word| word != "_");
    if ahead.peek(Token![pub]) {
        return true;
    }
    let qualifiers = [
        ahead.parse::<Option<Token![const]>>().is_ok(),
        ahead.parse::<Option<Token![async]>>().is_ok(),
        ahead.parse::<Option<Token![unsafe]>>().is_ok(),
        ahead.parse::<Option<syn::Abi>>().is_ok(),
    ];
    // `fn(u8)` is a type.
    qualifiers.iter().all(|ok| *ok) && ahead.parse::<Token![fn]>().is_ok() && word(&ahead)
}

impl ToTokens for ImplBlock {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            safety,
            impl_token,
            generics,
            self_ty,
            ..
        } = self;
        let (params, _, bounds) = generics.split_for_impl();
        let params = visible(params.into_token_stream());
        let of_trait = self.of_trait.as_ref().map(|path| quote!(#path for));
        let mut body = TokenStream::new();
        for member in &self.members {
            match member {
                Member::Fn(method) => method.to_tokens(&mut body),
                Member::Other(other) => body.extend(other.clone()),
            }
        }
        let mut body = Group::new(Delimiter::Brace, body);
        body.set_span(self.brace.join());
        tokens.extend(
            quote!(#(#attrs)* #safety #impl_token #params #of_trait #self_ty #bounds #body),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_does_not_understand_is_kept() {
        let source = "impl<K: Ord, const N: usize> S<K, N> where K: Clone { \
            const A: u8 = 1; type T = u8; mac! { x } #[call] fn a(&self) { self. } \
            fn half(x: ) {} pub const unsafe fn b() {} }";
        let tokens: TokenStream = source.parse().expect("tokens");
        let block: ImplBlock = syn::parse2(tokens.clone()).expect("a block");
        assert_eq!(block.to_token_stream().to_string(), tokens.to_string());
        let methods = block.members.iter().filter(|m| matches!(m, Member::Fn(_)));
        assert_eq!(methods.count(), 2);
    }
}
