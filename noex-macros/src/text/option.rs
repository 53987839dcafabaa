//! Messages about option lists and the values in them.

use crate::diag::{Text, did_you_mean};

/// `server/49_unknown_call_option`, `server/50_unknown_server_option`
pub(crate) fn unknown(what: &str, key: &str, known: &[&str]) -> Text {
    if known.is_empty() {
        return Text::new(format!("unknown {what} `{key}`: it takes none")).help("remove it");
    }
    Text::new(format!("unknown {what} `{key}`")).suggest(key, known)
}

/// `server/51_option_twice`
pub(crate) fn twice(key: &str) -> Text {
    Text::new(format!("`{key}` is given twice")).help("keep one of them")
}

/// `server/52_option_without_value`
pub(crate) fn needs_value(key: &str, example: &str) -> Text {
    Text::new(format!("`{key}` needs a value")).help(format!("write `{key} = {example}`"))
}

/// `server/52_option_without_value`
pub(crate) fn takes_no_value(key: &str) -> Text {
    Text::new(format!("`{key}` takes no value")).help(format!("write `{key}` alone"))
}

/// `server/52_option_without_value`
pub(crate) fn not_a_name() -> Text {
    Text::new("expected the name of an option").help("options are written `name = value`")
}

/// `server/52_option_without_value`
pub(crate) fn missing_comma(key: &str) -> Text {
    Text::new(format!("expected `=` or `,` after `{key}`"))
        .help(format!("write `{key} = ...`, and a comma between options"))
}

/// `misuse/option_lists`, `misuse/option_syntax`
pub(crate) fn semicolon() -> Text {
    Text::new("options are separated by commas").help("write `,`")
}

/// `misuse/option_lists`
pub(crate) fn no_comma(next: &str) -> Text {
    Text::new(format!("expected `,` before `{next}`")).help("options are separated by commas")
}

/// `misuse/option_lists`, `function/06_options_of_tokio`
pub(crate) fn unnamed(option: &str, value: &str) -> Text {
    Text::new("expected the name of an option").help(format!("write `{option} = {value}`"))
}

/// `misuse/option_lists`, `function/06_options_of_tokio`
pub(crate) fn word_alone(option: &str, word: &str) -> Text {
    Text::new(format!("`{word}` is a value of `{option}`"))
        .help(format!("write `{option} = {word}`"))
}

/// `misuse/numbers`, `function/06_options_of_tokio`
pub(crate) fn not_a_number(key: &str, written: &str, meant: &str) -> Text {
    Text::new(format!("`{written}` is no count")).help(format!("write `{key} = {meant}`"))
}

/// `misuse/option_syntax`
pub(crate) fn not_equals(key: &str, value: &str) -> Text {
    Text::new(format!("expected `=` after `{key}`")).help(format!("write `{key} = {value}`"))
}

/// `server/28_info_kind`, `server/54_word_typo`
pub(crate) fn unknown_word(what: &str, word: &str, known: &[&str]) -> Text {
    Text::new(format!("unknown {what} `{word}`")).suggest(word, known)
}

/// `server/54_word_typo`, `misuse/words`
pub(crate) fn not_a_word(what: &str, written: &str, meant: Option<&str>, known: &[&str]) -> Text {
    let text = Text::new(format!("`{written}` is no {what}"));
    match meant.and_then(|meant| did_you_mean(meant, known)) {
        Some(meant) => text.help(format!("write `{meant}`")),
        None => text.one_of(known),
    }
}

/// `misuse/words`
pub(crate) fn not_a_name_value(key: &str, written: &str, meant: &str) -> Text {
    Text::new(format!("`{written}` is no name")).help(format!("write `{key} = {meant}`"))
}

/// `misuse/option_syntax`
pub(crate) fn not_an_expression(key: &str, written: &str, example: &str) -> Text {
    Text::new(format!("`{written}` is no value")).help(format!("write `{key} = {example}`"))
}

/// `misuse/durations`
pub(crate) fn split_duration(written: &str, meant: &str) -> Text {
    Text::new(format!("`{written}` is not a duration")).help(format!("write `{meant}`"))
}

/// `server/55_duration_unit`
pub(crate) fn unknown_unit(unit: &str, near: Option<String>, units: &[&str]) -> Text {
    let text = Text::new(format!("unknown duration unit `{unit}`"));
    match near {
        Some(near) => text.help(format!("did you mean `{near}`?")),
        None => text.help(format!("the units are {}", crate::diag::list(units))),
    }
}

/// `server/56_duration_without_unit`
pub(crate) fn no_unit(number: &str) -> Text {
    Text::new(format!("the duration `{number}` has no unit")).help(format!(
        "write `{number}s` for seconds or `{number}ms` for milliseconds"
    ))
}

/// `server/55_duration_unit`
pub(crate) fn not_a_duration(text: &str) -> Text {
    Text::new(format!("`{text}` is not a duration"))
        .help("write a number and a unit, as in `5s`, `500ms` or `2m`, or a `Duration` expression")
}

/// `misuse/durations`
pub(crate) fn no_limit(written: &str) -> Text {
    Text::new(format!("`{written}` is no duration"))
        .help("write `std::time::Duration::MAX` to wait for ever")
}

/// `server/55_duration_unit`
pub(crate) fn negative_duration() -> Text {
    Text::new("a duration cannot be negative").help("remove the `-`")
}

/// `server/55_duration_unit`
pub(crate) fn too_long(text: &str) -> Text {
    Text::new(format!("the duration `{text}` does not fit"))
        .help("a `Duration` holds at most 18446744073709551615s")
}
