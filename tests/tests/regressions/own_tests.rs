//! What must not be in our own tests.

use crate::parts::Tested;
use std::fs;
use std::path::{Path, PathBuf};

/// All sources below a folder.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
    Ok(())
}

/// A test told and was told by one and the same `Notify`, and took its own word for the other's. What tests wait for comes by a channel,
/// which has two ends.
#[test]
fn r37_no_test_waits_for_its_own_word() -> Tested {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&tests.join("tests"), &mut files)?;
    sources(&tests.join("../noex/tests"), &mut files)?;
    sources(&tests.join("../examples/order_load"), &mut files)?;
    assert!(files.len() > 100, "the sources are elsewhere");
    let word = ["Not", "ify"].concat();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let uses = text
            .split(|c: char| !c.is_alphanumeric())
            .any(|it| it == word);
        let own = file.ends_with("regressions/own_tests.rs");
        assert!(own || !uses, "{} waits by a `{word}`", file.display());
    }
    Ok(())
}
