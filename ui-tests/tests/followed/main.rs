//! Whoever does what a help says gets code that compiles: it is written out here, and each code that a help shows must be
//! found in it.

#![allow(
    dead_code,
    unused_qualifications,
    unused_variables,
    unreachable_pub,
    clippy::init_numbered_fields,
    clippy::unused_unit,
    clippy::result_unit_err,
    reason = "what counts is that it compiles"
)]

mod function;
mod misuse;
mod misuse_trees;
mod server;
mod tree;

use std::fs;
use std::path::Path;

/// Helps that name what there is instead of what to write.
const LISTS: [&str; 9] = [
    "it is one of",
    "the units are",
    "options are written",
    "arguments could not",
    "names that begin",
    "the only one is",
    "move it out of",
    "options are separated",
    "`web` is there when",
];

#[test]
fn the_code_of_every_help_is_followed_here() {
    let mut missing = Vec::new();
    for directory in ["function", "misuse", "server", "tree"] {
        let source = plain(include(directory));
        for help in helps(directory) {
            if LISTS.iter().any(|list| help.starts_with(list)) {
                continue;
            }
            let parts: Vec<_> = help.split('`').collect();
            for pair in parts.chunks_exact(2) {
                let (before, code) = (pair[0], pair[1]);
                let is_wanted = !["remove ", "leave ", "for "]
                    .iter()
                    .any(|no| before.ends_with(no));
                if is_wanted && !is_in(&source, code) {
                    missing.push(format!("{directory}: `{code}` of: {help}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "not followed:\n{}", missing.join("\n"));
}

fn include(directory: &str) -> &'static str {
    match directory {
        "function" => include_str!("function.rs"),
        "misuse" => concat!(include_str!("misuse.rs"), include_str!("misuse_trees.rs")),
        "server" => include_str!("server.rs"),
        _ => include_str!("tree.rs"),
    }
}

/// The helps of the macros in the expected outputs.
fn helps(directory: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("cases")
        .join(directory);
    let mut helps = Vec::new();
    for entry in fs::read_dir(path).expect("the cases are there") {
        let path = entry.expect("the directory can be read").path();
        if path
            .extension()
            .is_none_or(|extension| extension != "stderr")
        {
            continue;
        }
        let text = fs::read_to_string(path).expect("the outputs can be read");
        let found = text
            .lines()
            .filter_map(|line| line.strip_prefix("       help: "));
        helps.extend(found.map(str::to_owned));
    }
    assert!(!helps.is_empty());
    helps.sort();
    helps.dedup();
    helps
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether `source` contains the code, where `...` and `..` stand for anything on the way.
fn is_in(source: &str, code: &str) -> bool {
    let code = plain(code).replace("...", "..");
    // Between two times it is no wildcard.
    let parts: Vec<_> = match code.contains("ms..") {
        true => vec![code.as_str()],
        false => code.split("..").collect(),
    };
    let mut starts = source.match_indices(parts[0]);
    starts.any(|(start, first)| {
        let rest = &source[start + first.len()..];
        let near = rest
            .char_indices()
            .nth(300)
            .map_or(rest.len(), |(at, _)| at);
        let mut rest = &rest[..near];
        parts[1..].iter().all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    })
}
