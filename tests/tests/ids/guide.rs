//! What the guide for those who come from Elixir must tell: each id that differs or is omitted, and no other.

use std::collections::BTreeSet;
use toml::{Table, Value};

/// Gives back what is wrong, in words: nothing when both agree.
pub(crate) fn check(ids: &str, guide: &str) -> Vec<String> {
    let areas: Table = match ids.parse() {
        Ok(areas) => areas,
        Err(error) => return vec![error.to_string()],
    };
    let differing: BTreeSet<_> = areas.values().flat_map(differing).collect();
    let told: BTreeSet<_> = ids_in(guide).collect();
    let untold = differing.difference(&told);
    let wrong = told.difference(&differing);
    untold
        .map(|id| format!("{id} differs or is omitted, and is not told of"))
        .chain(wrong.map(|id| format!("{id} is told of, and does not differ")))
        .collect()
}

/// The ids of an area that are not as in OTP.
fn differing(area: &Value) -> impl Iterator<Item = &str> {
    let entries = area.as_table().into_iter().flatten();
    let differs = |entry: &Value| {
        ["differs", "omitted"]
            .iter()
            .any(|key| entry.get(key).is_some())
    };
    entries.filter_map(move |(id, entry)| differs(entry).then_some(&**id))
}

/// Whatever reads like `CA-04`.
fn ids_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| match word.split_once('-') {
        Some((area, number)) => {
            let is_area = area.len() == 2 && area.bytes().all(|b| b.is_ascii_uppercase());
            is_area && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit())
        }
        None => false,
    })
}

#[test]
fn untold_and_wrongly_told_differences_are_found() {
    let ids = "[calls]
        title = 't'
        [calls.CA-01]
        differs = 'd'
        [calls.CA-02]
        omitted = 'o'
        [calls.CA-03]
        test = 't'";
    let none: [&str; 0] = [];
    assert_eq!(check(ids, "One (CA-01),\nanother (CA-02)."), none);
    let expected = [
        "CA-02 differs or is omitted, and is not told of",
        "CA-03 is told of, and does not differ",
    ];
    assert_eq!(check(ids, "CA-01, CA-03, SIGTERM-15"), expected);
}
