//! A function of which only a part can be read.

use super::function::Method;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, FnArg, Result, Token, Type, Visibility,
    parse::{Parse, ParseStream, Parser, discouraged::Speculative},
};

/// What can be read of a function. Its body is empty.
pub(crate) struct HalfTyped {
    pub(crate) method: Method,
    /// What it returns is not there, or not in full.
    pub(crate) returns_half: bool,
}

pub(crate) fn read(tokens: TokenStream) -> Option<HalfTyped> {
    function.parse2(tokens).ok()
}

fn function(input: ParseStream<'_>) -> Result<HalfTyped> {
    let attributes = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    let asyncness: Option<Token![async]> = input.parse()?;
    input.parse::<Token![fn]>()?;
    let name: Ident = input.parse()?;
    let parameters = match input.fork().parse() {
        Ok(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            input.parse::<Group>()?;
            parameters.parse2(group.stream())?
        }
        _ => TokenStream::new(),
    };
    let returns = input.parse::<Option<Token![->]>>()?.is_some();
    let is_whole = !returns && input.peek(syn::token::Brace);
    let output = returns.then(|| output(input)).flatten();
    let returns_half = !is_whole && output.is_none();
    let output = output.map(|ty| quote!(-> #ty));
    input.parse::<TokenStream>()?;
    let method =
        syn::parse2(quote!(#(#attributes)* #vis #asyncness fn #name(#parameters) #output {}))?;
    Ok(HalfTyped {
        method,
        returns_half,
    })
}

/// The parameters that are there in full.
fn parameters(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut whole = TokenStream::new();
    while !input.is_empty() {
        if let Some(parameter) =
            whole_one::<FnArg>(input, |next| next.is_empty() || next.peek(Token![,]))
        {
            whole.extend(quote!(#parameter,));
        }
        while !input.is_empty() {
            if matches!(input.parse()?, TokenTree::Punct(punct) if punct.as_char() == ',') {
                break;
            }
        }
    }
    Ok(whole)
}

/// The type behind `->`, if it is whole.
fn output(input: ParseStream<'_>) -> Option<Type> {
    whole_one(input, |next| {
        next.is_empty() || next.peek(syn::token::Brace) || next.peek(Token![where])
    })
}

/// Reads something, if it is there and what follows is as expected.
fn whole_one<T: Parse + ToTokens>(
    input: ParseStream<'_>,
    is_end: fn(ParseStream<'_>) -> bool,
) -> Option<T> {
    let ahead = input.fork();
    let one = ahead.parse().ok()?;
    if !is_end(&ahead) {
        return None;
    }
    input.advance_to(&ahead);
    Some(one)
}
