//! Messages about what stands before the children of a tree.

use crate::diag::Text;

/// `tree/header`
pub(crate) fn tree_name() -> Text {
    Text::new("a tree needs a name").help("write `pub struct Shop(cfg: ShopConfig) { .. }`")
}

/// `tree/header`
pub(crate) fn generic() -> Text {
    Text::new("a tree cannot be generic")
        .help("write one tree for each type, or use the expression form inside a generic function")
}

/// `tree/header`
pub(crate) fn no_body(name: &str) -> Text {
    Text::new(format!("the tree `{name}` has no body"))
        .help("its children go in braces, after the parameters")
}

/// `tree/header`
pub(crate) fn after_body() -> Text {
    Text::new("nothing can follow the children of a tree").help("one `supervisor!` holds one tree")
}

/// `tree/header`
pub(crate) fn parameter() -> Text {
    Text::new("this is not a parameter").help("a parameter is written `name: Type`")
}

/// `tree/header`
pub(crate) fn borrowed_parameter() -> Text {
    Text::new("a tree keeps its parameters for restarts, so they cannot borrow")
        .help("own the data, as in `String` for `&str`, or use `'static`")
}

/// `tree/header`
pub(crate) fn impl_parameter() -> Text {
    Text::new("the type of a parameter must have a name")
        .help("name the type, or share it: `std::sync::Arc<dyn Trait + Send + Sync>`")
}

/// `tree/header`
pub(crate) fn parameter_twice(name: &str) -> Text {
    Text::new(format!("two parameters are called `{name}`")).help("rename one of them")
}

/// `misuse/tree_header`
pub(crate) fn no_struct() -> Text {
    Text::new("a tree is declared like a struct").help("write `pub struct Shop() { .. }`")
}

/// `misuse/tree_header`
pub(crate) fn tree_option_as_attribute(word: &str) -> Text {
    Text::new(format!("`#[{word}]` says nothing about a tree"))
        .help("its options go in `#[tree(..)]`, as in `#[tree(strategy = one_for_one)]`")
}

/// `misuse/tree_header`
pub(crate) fn option_as_parameter(option: &str) -> Text {
    Text::new("an option of the tree is no parameter")
        .help(format!("write `#[tree({option})]` above it"))
}

/// `misuse/tree_header`
pub(crate) fn derived(word: &str) -> Text {
    Text::new(format!("a tree is `{word}` already")).help(format!("remove `{word}` here"))
}

/// `misuse/tree_header`
pub(crate) fn late_attribute() -> Text {
    Text::new("attributes go before what they describe").help("move it up, before `struct`")
}

/// `misuse/tree_header`
pub(crate) fn mutable_parameter() -> Text {
    Text::new("a tree keeps its parameters as they are").help("remove `mut`")
}

/// `misuse/tree_headers`
pub(crate) fn lacks_struct(header: &str) -> Text {
    Text::new("a tree is declared like a struct").help(format!("write `struct {header} {{ .. }}`"))
}

/// `misuse/tree_headers`
pub(crate) fn second_tree(name: &str) -> Text {
    Text::new(format!("there is a tree called `{name}` already")).help("rename one of them")
}

/// `misuse/tree_headers`
pub(crate) fn not_of_a_header(written: &str) -> Text {
    Text::new("a tree has a name, parameters and children").help(format!("remove `{written}`"))
}

/// `misuse/tree_headers`
pub(crate) fn default_parameter(parameter: &str) -> Text {
    Text::new("a parameter of a tree has no default").help(format!("write `{parameter}`"))
}
