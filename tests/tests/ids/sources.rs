//! Finds the tests of the workspace by reading its sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Where tests named by an id may live, seen from the root of the workspace.
const FOLDERS: [&str; 4] = ["tests/tests", "noex/src", "noex/tests", "ui-tests/tests"];

const TEST_ATTRIBUTES: [&str; 3] = ["#[test]", "#[tokio::test", "#[noex::test"];

/// The names of all tests of the workspace that run.
pub(crate) fn tests_below(root: &Path) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut tests);
    }
    tests
}

fn collect(folder: &Path, into: &mut BTreeSet<String>) {
    // A folder that does not exist holds no tests.
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("source folders are readable").path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.extend(tests_in(
                &fs::read_to_string(&path).expect("sources are readable"),
            ));
        }
    }
}

/// The tests of one file. A function that is ignored or has lost its attribute is none.
fn tests_in(source: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for line in source.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            is_test |= TEST_ATTRIBUTES.iter().any(|test| line.starts_with(test));
            is_ignored |= line.starts_with("#[ignore");
        } else if let Some(name) = function_name(line) {
            if is_test && !is_ignored {
                tests.push(name.to_owned());
            }
            (is_test, is_ignored) = (false, false);
        }
    }
    tests
}

fn function_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?;
    name.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}

#[test]
fn only_tests_that_run_are_found() {
    let source = "
        #[test]
        fn plain() {}
        #[noex::test(workers = 2)]
        async fn with_workers() { fn inner() {} }
        #[tokio::test(
            flavor = \"multi_thread\",
        )]
        async fn over_lines() {}
        fn no_attribute() {}
        #[test]
        #[ignore = \"slow\"]
        fn ignored() {}
        // #[test]
        fn commented() {}
    ";
    assert_eq!(tests_in(source), ["plain", "with_workers", "over_lines"]);
}
