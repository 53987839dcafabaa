//! Every message of the macros. Beside each stands the ui case that shows it.

pub(crate) mod argument;
pub(crate) mod child;
pub(crate) mod function;
pub(crate) mod header;
pub(crate) mod option;
pub(crate) mod server;
pub(crate) mod signature;
pub(crate) mod tree;

use crate::diag::Text;

/// A panic inside a macro.
pub(crate) fn bug(name: &str, why: &str) -> Text {
    Text::new(format!("noex: `{name}` failed: {why}"))
        .help("this is a bug in noex; please report it with the code it stands on")
}
