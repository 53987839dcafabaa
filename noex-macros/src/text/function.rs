//! Messages of `#[noex::main]` and `#[noex::test]`.

use crate::diag::Text;

/// `function/01_not_a_function`
pub(crate) fn not_a_function(name: &str) -> Text {
    Text::new(format!("`#[noex::{name}]` goes on a function"))
        .help(format!("write `async fn {name}() {{ ... }}`"))
}

/// `function/02_not_async`
pub(crate) fn not_async(name: &str) -> Text {
    Text::new(format!("a function with `#[noex::{name}]` must be `async`")).help("write `async fn`")
}

/// `function/05_two_runtimes`
pub(crate) fn two_runtimes(name: &str, other: &str) -> Text {
    Text::new(format!("`#[noex::{name}]` makes the runtime itself"))
        .help(format!("remove `{other}`"))
}

/// `function/03_arguments`
pub(crate) fn takes_nothing(name: &str) -> Text {
    Text::new(format!(
        "a function with `#[noex::{name}]` takes no arguments"
    ))
    .help(if name == "main" {
        "remove them; those of the program are in `std::env::args()`"
    } else {
        "remove them"
    })
}

/// `function/03_arguments`
pub(crate) fn generic(name: &str) -> Text {
    Text::new(format!(
        "a function with `#[noex::{name}]` cannot be generic"
    ))
    .help("remove the parameters")
}

/// `function/07_signature`
pub(crate) fn not_of_an_entry(name: &str, word: &str) -> Text {
    Text::new(format!(
        "a function with `#[noex::{name}]` cannot be `{word}`"
    ))
    .help(format!("remove `{word}`"))
}

/// `function/07_signature`
pub(crate) fn method(name: &str) -> Text {
    Text::new(format!(
        "a function with `#[noex::{name}]` belongs to no type"
    ))
    .help("move it out of the `impl` block, without `self`")
}

/// `function/06_options_of_tokio`
pub(crate) fn flavor_of_test(many: bool) -> Text {
    let text = Text::new("a test has no `flavor`: it has one thread, or as many as `workers` says");
    if many {
        text.help("write `workers = 4`")
    } else {
        text.help("remove `flavor`")
    }
}

/// `function/04_options`
pub(crate) fn zero_workers() -> Text {
    Text::new("a runtime without workers runs nothing").help("the smallest is 1")
}

/// `function/04_options`
pub(crate) fn workers_of_one_thread() -> Text {
    Text::new("a `current_thread` runtime has no workers")
        .help("remove `workers`, or write `flavor = multi_thread`")
}

/// `function/04_options`
pub(crate) fn paused_workers() -> Text {
    Text::new("paused time needs a runtime of one thread").help("remove `workers`")
}
