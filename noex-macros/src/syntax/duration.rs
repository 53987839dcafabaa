//! Lengths of time: `5s`, `1.5s`, `10_000ms`, or any `Duration` expression.

use crate::{
    diag::{Diag, did_you_mean},
    syntax::pretty::pretty,
    text::option as text,
};
use proc_macro2::{Delimiter, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use std::time::Duration;

const NANOS_PER_SEC: u128 = 1_000_000_000;

/// The units and their length in nanoseconds.
const UNITS: &[(&str, u128)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", NANOS_PER_SEC),
    ("m", 60 * NANOS_PER_SEC),
    ("min", 60 * NANOS_PER_SEC),
    ("h", 3_600 * NANOS_PER_SEC),
    ("d", 86_400 * NANOS_PER_SEC),
];

/// What people write for a unit, and the unit.
const SYNONYMS: &[(&str, &str)] = &[
    ("nanos", "ns"),
    ("micros", "us"),
    ("µs", "us"),
    ("msec", "ms"),
    ("msecs", "ms"),
    ("millis", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
];

/// A length of time as the user gave it.
#[derive(Clone)]
pub(crate) enum Length {
    /// A literal with a unit, known at expansion.
    Literal(Duration, Span),
    /// An expression of type `Duration`.
    Expr(TokenStream),
}

impl Length {
    /// The value, when it is known at expansion.
    pub(crate) fn literal(&self) -> Option<Duration> {
        match self {
            Self::Literal(value, _) => Some(*value),
            Self::Expr(_) => None,
        }
    }

    /// For readers: `500ms`, or the expression.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Literal(value, _) => format!("{value:?}"),
            Self::Expr(tokens) => pretty(tokens),
        }
    }

    /// True only for a literal zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.literal().is_some_and(|value| value.is_zero())
    }

    /// An expression of type `core::time::Duration`, constant when the user's is.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Literal(value, span) => {
                let (secs, nanos) = (value.as_secs(), value.subsec_nanos());
                quote_spanned!(*span=> ::core::time::Duration::new(#secs, #nanos))
            }
            Self::Expr(tokens) => tokens.clone(),
        }
    }
}

/// Reads a length of time. Only a single literal is taken apart; all else is an expression.
pub(crate) fn read(value: &TokenStream, d: &mut Diag) -> Option<Length> {
    match single(value) {
        Ok(literal) => literal_length(&literal, d),
        Err([TokenTree::Punct(minus), TokenTree::Literal(_)]) if minus.as_char() == '-' => {
            d.report(value, text::negative_duration());
            None
        }
        Err(_) if is_unlimited(value) => {
            d.report(value, text::no_limit(&pretty(value)));
            None
        }
        Err(_) => match split(value) {
            Some(meant) => {
                d.report(value, text::split_duration(&pretty(value), &meant));
                None
            }
            None if syn::parse2::<syn::Expr>(value.clone()).is_err() => {
                d.report(value, text::not_a_duration(&pretty(value)));
                None
            }
            None => Some(Length::Expr(value.clone())),
        },
    }
}

/// `5s` of `5 s`, `5.s`, `5 * s` and `5.seconds()`: a number and a unit with something between them. Also of `Some(5s)`.
fn split(value: &TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    if let [TokenTree::Ident(some), TokenTree::Group(inner)] = &tokens[..]
        && some == "Some"
    {
        return Some(pretty(inner.stream()));
    }
    let [
        TokenTree::Literal(number),
        between @ ..,
        TokenTree::Ident(unit),
    ] = without_call(&tokens)
    else {
        return None;
    };
    let unit = unit.to_string();
    let known = UNITS.iter().find(|known| known.0 == unit);
    let meant = SYNONYMS.iter().find(|known| known.0 == unit);
    let unit = known.map(|known| known.0).or(meant.map(|known| known.1))?;
    let is_between = matches!(between, [] | [TokenTree::Punct(_)]);
    is_between.then(|| format!("{}{unit}", number.to_string().trim_end_matches('.')))
}

/// `5.seconds` of `5.seconds()`.
fn without_call(tokens: &[TokenTree]) -> &[TokenTree] {
    match tokens {
        [before @ .., TokenTree::Group(call)] if call.stream().is_empty() => before,
        _ => tokens,
    }
}

/// What others write for a time without an end.
fn is_unlimited(value: &TokenStream) -> bool {
    const WORDS: [&str; 6] = [
        "None",
        "forever",
        "infinite",
        "infinity",
        "never",
        "unlimited",
    ];
    let written = value.to_string();
    WORDS.contains(&written.as_str())
}

/// The one literal that a value consists of, also within the invisible group of a `macro_rules!`
/// argument; otherwise its first two tokens.
fn single(value: &TokenStream) -> Result<Literal, [TokenTree; 2]> {
    let mut tokens = value.clone().into_iter();
    let filler = || TokenTree::Group(proc_macro2::Group::new(Delimiter::None, TokenStream::new()));
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(literal)), None) => Ok(literal),
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            single(&group.stream())
        }
        (first, second) => Err([first.unwrap_or_else(filler), second.unwrap_or_else(filler)]),
    }
}

fn literal_length(literal: &Literal, d: &mut Diag) -> Option<Length> {
    let written = literal.to_string().replace('_', "");
    let cut = written
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(written.len());
    let (number, unit) = written.split_at(cut);
    if number.is_empty() {
        let written = literal.to_string();
        match quoted(&written) {
            Some(meant) => d.report(literal, text::split_duration(&written, &meant)),
            None => d.report(literal, text::not_a_duration(&written)),
        }
        return None;
    }
    if unit.is_empty() {
        d.report(literal, text::no_unit(number));
        return None;
    }
    let Some((_, scale)) = UNITS.iter().find(|known| known.0 == unit) else {
        let units: Vec<_> = UNITS.iter().map(|known| known.0).collect();
        let near = nearest_unit(unit, &units).map(|near| format!("{number}{near}"));
        d.report(literal, text::unknown_unit(unit, near, &units));
        return None;
    };
    let Some(length) = scaled(number, *scale) else {
        d.report(literal, text::too_long(&written));
        return None;
    };
    Some(Length::Literal(length, literal.span()))
}

/// The duration in a text: `"5s"`.
fn quoted(literal: &str) -> Option<String> {
    let text = syn::parse_str::<syn::LitStr>(literal).ok()?.value();
    let cut = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = (text[..cut].trim(), &text[cut..]);
    let known = UNITS.iter().any(|known| known.0 == unit);
    (known && number.parse::<f64>().is_ok()).then(|| format!("{number}{unit}"))
}

fn nearest_unit<'a>(unit: &str, units: &[&'a str]) -> Option<&'a str> {
    let lower = unit.to_lowercase();
    SYNONYMS
        .iter()
        .find(|synonym| synonym.0 == lower)
        .map(|synonym| synonym.1)
        .or_else(|| did_you_mean(&lower, units))
}

/// `number` times `scale` nanoseconds, without the rounding of floating point.
fn scaled(number: &str, scale: u128) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut nanos = whole.parse::<u128>().ok()?.checked_mul(scale)?;
    let mut place = scale;
    for digit in fraction.chars() {
        place /= 10;
        nanos = nanos.checked_add(u128::from(digit.to_digit(10)?) * place)?;
    }
    let secs = u64::try_from(nanos / NANOS_PER_SEC).ok()?;
    let rest = u32::try_from(nanos % NANOS_PER_SEC).ok()?;
    Some(Duration::new(secs, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn length(text: &str) -> Result<Option<Duration>, String> {
        let mut d = Diag::default();
        let value = text.parse().expect("the lexer takes it");
        let read = read(&value, &mut d);
        let mistakes = d.into_tokens().to_string();
        read.map(|length| length.literal()).ok_or(mistakes)
    }

    #[test]
    fn literals_have_units_and_decimals() {
        let known = [
            ("5s", Duration::from_secs(5)),
            ("1.5s", Duration::from_millis(1_500)),
            ("0.1s", Duration::from_millis(100)),
            ("10_000ms", Duration::from_secs(10)),
            ("7us", Duration::from_micros(7)),
            ("7ns", Duration::from_nanos(7)),
            ("2m", Duration::from_secs(120)),
            ("2min", Duration::from_secs(120)),
            ("1.5h", Duration::from_secs(5_400)),
            ("1d", Duration::from_secs(86_400)),
            ("0s", Duration::ZERO),
        ];
        for (text, expected) in known {
            assert_eq!(length(text), Ok(Some(expected)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_an_expression() {
        for text in ["Duration::from_secs(5)", "LIMIT", "LIMIT * 2", "{ x }"] {
            assert_eq!(length(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn mistakes_say_what_to_write() {
        let known = [
            ("5sec", "did you mean `5s`?"),
            ("5S", "did you mean `5s`?"),
            ("5hours", "did you mean `5h`?"),
            ("5", "write `5s` for seconds or `5ms` for milliseconds"),
            ("5parsec", "the units are"),
            ("\"5s\"", "write `5s`"),
            ("\"soon\"", "is not a duration"),
            ("-5s", "a duration cannot be negative"),
            ("400000000000000000d", "does not fit"),
        ];
        for (text, expected) in known {
            let mistakes = length(text).expect_err(text);
            assert!(mistakes.contains(expected), "{text}: {mistakes}");
        }
    }

    #[test]
    fn tokens_are_a_constant_expression() {
        let mut d = Diag::default();
        let read = read(&quote!(1500ms), &mut d).expect("a duration");
        d.into_tokens();
        let tokens = read.tokens().to_string();
        assert_eq!(
            tokens,
            ":: core :: time :: Duration :: new (1u64 , 500000000u32)"
        );
    }
}
