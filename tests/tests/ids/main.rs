//! Holds `ids.toml` against the catalogue of behaviours, against the tests that carry their ids, and against the guide that tells of
//! what differs from OTP.

mod catalogue;
mod guide;
mod sources;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use catalogue::{CATALOGUE, check};

#[test]
fn catalogue_and_tests_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let catalogue = fs::read_to_string(root.join("tests/ids.toml")).expect("ids.toml is readable");
    let (counts, problems) = check(&catalogue, &sources::tests_below(&root));
    println!("{counts}");
    assert!(
        problems.is_empty(),
        "ids.toml:\n  {}",
        problems.join("\n  ")
    );
}

#[test]
fn guide_tells_of_every_difference() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path| fs::read_to_string(root.join(path)).expect("the file is in the repository");
    let guide = read("noex/src/guide/from_elixir.md");
    let problems = guide::check(&read("tests/ids.toml"), &guide);
    assert!(problems.is_empty(), "the guide: {}", problems.join("; "));
}

const OMITTED: &str = "what = 'w'\nomitted = 'r'";

/// What `check` says of a sound catalogue in which CA-14 reads as given, when `tests` exist.
fn problems_of(ca_14: &str, tests: &[&str]) -> Vec<String> {
    let mut text = String::new();
    for (area, prefix, size) in CATALOGUE {
        text += &format!("[{area}]\ntitle = 't'\nissue = 'i'\n");
        for n in 1..=size {
            let id = format!("{prefix}-{n:02}");
            let entry = if id == "CA-14" { ca_14 } else { OMITTED };
            text += &format!("[{area}.{id}]\n{entry}\n");
        }
    }
    let tests: BTreeSet<_> = tests.iter().map(|&name| name.to_owned()).collect();
    check(&text, &tests).1
}

#[track_caller]
fn refused(ca_14: &str, tests: &[&str], problem: &str) {
    assert_eq!(problems_of(ca_14, tests), [problem]);
}

#[test]
fn sound_catalogues_pass() {
    let none: [&str; 0] = [];
    assert_eq!(problems_of(OMITTED, &[]), none);
    assert_eq!(
        problems_of("what = 'w'\nplanned = 'ca_14_a'\ndiffers = 'd'", &[]),
        none
    );
    let two = "what = 'w'\ntest = ['ca_14_a', 'ca_14_b']";
    assert_eq!(problems_of(two, &["ca_14_a", "ca_14_b", "other"]), none);
}

#[test]
fn missing_and_unknown_ids_are_found() {
    let (_, problems) = check("[calls]\ntitle = 't'\nissue = 'i'", &BTreeSet::new());
    assert!(problems.contains(&"CA-14 is not listed".to_owned()));
    assert!(problems.contains(&"there is no table [monitors]".to_owned()));
    let unknown = format!("{OMITTED}\n[calls.CA-27]\n{OMITTED}\n[more]");
    let expected = ["calls.CA-27", "more"].map(|key| format!("[{key}] is not in the catalogue"));
    assert_eq!(problems_of(&unknown, &[]), expected);
}

#[test]
fn entries_without_exactly_one_state_are_found() {
    let states = |n| format!("CA-14 has {n} states; it needs one of test, omitted, planned");
    refused("what = 'w'", &[], &states(0));
    refused(
        "what = 'w'\nomitted = 'r'\nplanned = 'ca_14_a'",
        &[],
        &states(2),
    );
    refused("omitted = 'r'", &[], "CA-14 does not say what it is");
    refused(
        "what = 'w'\nomitted = ''",
        &[],
        "CA-14: unknown key or no text: omitted",
    );
    refused(
        "what = 'w'\nskipped = 'r'",
        &[],
        "CA-14: unknown key or no text: skipped",
    );
}

#[test]
fn names_that_do_not_fit_the_tests_are_found() {
    refused(
        "what = 'w'\ntest = 'ca_14_a'",
        &[],
        "CA-14: there is no test ca_14_a",
    );
    refused(
        "what = 'w'\ntest = 'ca_14_a'",
        &["ca_14_a", "ca_14_b"],
        "the test ca_14_b is not recorded",
    );
    refused(
        "what = 'w'\nplanned = 'ca_14_a'",
        &["ca_14_a"],
        "the test ca_14_a is not recorded",
    );
    refused(
        "what = 'w'\nplanned = 'ca_15_a'",
        &[],
        "CA-14: ca_15_a does not begin with its id",
    );
}
