//! Messages about supervision trees.

use crate::diag::{Text, list};

/// `tree/62_duplicate_child`
pub(crate) fn duplicate(name: &str, first: &str) -> Text {
    Text::new(format!("two children are called `{name}`")).help(format!(
        "the first is a `{first}`; give this one another name"
    ))
}

/// `tree/67_zero_window`
pub(crate) fn zero_window() -> Text {
    Text::new("a window of zero can never count two restarts")
        .help("write how long restarts are remembered, as in `3 in 5s`")
}

/// `tree/68_intensity_shape`
pub(crate) fn intensity(meant: &str) -> Text {
    Text::new("an intensity is a count and a window").help(format!("write `intensity = {meant}`"))
}

/// `tree/69_awaiting_argument`
pub(crate) fn awaits() -> Text {
    Text::new("an argument cannot wait: it is computed anew at each restart")
        .help("compute it in the child's `#[init]`, which may be `async`; a `task(..)` takes the future itself")
}

/// `tree/70_later_sibling`
pub(crate) fn later(child: &str, needed: &str) -> Text {
    Text::new(format!("`{needed}` starts after `{child}` needs it"))
        .help(format!("move `{needed}` up, before `{child}`"))
}

/// `tree/71_own_name`
pub(crate) fn itself(name: &str) -> Text {
    Text::new("a child cannot need itself").help(format!(
        "a server finds itself in its context: `cx.myself()`; if `{name}` is something else, rename the child"
    ))
}

/// `tree/71_own_name`
pub(crate) fn own_tree(child: &str, tree: &str) -> Text {
    Text::new(format!(
        "`{child}` is a part of `{tree}`, so it cannot need it"
    ))
    .help(format!("`{tree}` is there when its last child has started"))
}

/// `tree/70_later_sibling`
pub(crate) fn spec_needs(child: &str, needed: &str) -> Text {
    Text::new(format!(
        "the spec of `{child}` is made before `{needed}` is there"
    ))
    .help(format!(
        "only arguments see siblings: write `{child}: Server({needed})`"
    ))
}

/// `tree/72_attribute_typo`
pub(crate) fn unknown_attribute(word: &str, known: &[&str]) -> Text {
    Text::new(format!("unknown attribute `#[{word}]` on a child")).suggest(word, known)
}

/// `tree/72_attribute_typo`
pub(crate) fn cfg() -> Text {
    Text::new("a child cannot be behind a `cfg`: the places of the others depend on it")
        .help("write two trees, each with its own `#[cfg(..)]`")
}

/// `tree/72_attribute_typo`
pub(crate) fn tree_attribute(child: &str) -> Text {
    Text::new(format!("`{child}` has no children of its own")).help(format!(
        "options of a child go in `#[child(..)]`, those of the tree around it in `#![tree(..)]` before its first child; a tree inside the tree is written `{child}: {{ .. }}`"
    ))
}

/// `tree/72_attribute_typo`
pub(crate) fn inner_attribute() -> Text {
    Text::new("only `#![tree(..)]` can stand here").help("it describes the supervisor around it")
}

/// `tree/81_pool`
pub(crate) fn no_workers() -> Text {
    Text::new("a pool of size 0 has nobody to work")
        .help("write how many workers there are, as in `size = 4`")
}

/// `tree/81_pool`
pub(crate) fn no_size() -> Text {
    Text::new("a pool needs a size").help("write `#[pool(size = 4)]`")
}

/// `tree/81_pool`
pub(crate) fn pool_of_what(child: &str) -> Text {
    Text::new("a pool has workers of one server").help(format!(
        "write `{child}: Server(..)`, with the arguments of each worker"
    ))
}

/// `tree/81_pool`
pub(crate) fn pool_and_dynamic() -> Text {
    Text::new("a child is a pool or dynamic, not both").help(
        "`#[pool(..)]` is for a fixed number of workers, `#[dynamic(..)]` for children that are started at run time",
    )
}

/// `tree/83_dynamic`
pub(crate) fn dynamic_arguments(child: &str, server: &str) -> Text {
    Text::new("the arguments of a dynamic child are given when it is started").help(format!(
        "write `{child}: {server}`, and give them to `start_child({server}::start(..))`"
    ))
}

/// `tree/83_dynamic`
pub(crate) fn no_dynamic_server(child: &str, server: &str) -> Text {
    Text::new("a dynamic supervisor has children of one server").help(format!(
        "write `{child}: {server}`, and another `#[dynamic]` child for another server"
    ))
}

/// `tree/83_dynamic`
pub(crate) fn no_room() -> Text {
    Text::new("a dynamic supervisor with `max = 0` can have no child")
        .help("write how many children it may have, or leave `max` out for any number")
}

/// `tree/66_backoff`
pub(crate) fn backoff() -> Text {
    Text::new("a backoff is one time, or a first and a longest one")
        .help("write `backoff = 1s`, or `backoff = 100ms..30s` for waits that double")
}

/// `tree/66_backoff`
pub(crate) fn zero_backoff() -> Text {
    Text::new("a backoff of zero is none").help("leave `backoff` out to restart at once")
}

/// `tree/66_backoff`
pub(crate) fn shrinking_backoff() -> Text {
    Text::new("the waits of a backoff grow")
        .help("write the shorter time first, as in `100ms..30s`")
}

/// `tree/66_backoff`
pub(crate) fn backoff_of_temporary() -> Text {
    Text::new("a temporary child is never restarted, so it needs no `backoff`")
        .help("write `restart = transient` or `restart = permanent`, or leave `backoff` out")
}

/// `tree/73_no_server`
pub(crate) fn no_server(name: &str) -> Text {
    Text::new(format!("the child `{name}` has no server"))
        .help(format!("write `{name}: Server(..)`"))
}

/// `tree/73_no_server`
pub(crate) fn no_arguments(name: &str, server: &str) -> Text {
    Text::new(format!("the child `{name}` lacks its arguments")).help(format!(
        "write `{name}: {server}(..)`, with empty parentheses if it takes none"
    ))
}

/// `tree/73_no_server`
pub(crate) fn braces(name: &str, server: &str, state: &str) -> Text {
    Text::new(format!(
        "the arguments of the child `{name}` go in parentheses"
    ))
    .help(format!(
        "write `{name}: {server}(..)`, or `{name}: {server}({state})` if the server has no `#[init]`"
    ))
}

/// `tree/73_no_server`
pub(crate) fn no_path(name: &str, server: &str) -> Text {
    Text::new("this is not the path of a server").help(format!("write `{name}: {server}`"))
}

/// `tree/73_no_server`
pub(crate) fn after_arguments(name: &str) -> Text {
    Text::new(format!("nothing can follow the arguments of `{name}`")).help(format!(
        "options go before it, in `#[child(..)]`; a spec made by hand is written `{name}: Ref<Server> = ..`"
    ))
}

/// `tree/73_no_server`
pub(crate) fn no_spec(name: &str) -> Text {
    Text::new(format!("the child `{name}` has no spec")).help(format!(
        "write `{name}: Ref<Server> = Server::child_spec(..)`"
    ))
}

/// `tree/73_no_server`
pub(crate) fn no_type(name: &str) -> Text {
    Text::new(format!("the child `{name}` has a spec but no type")).help(format!(
        "write `{name}: Ref<Server> = ..`, so that its ref has a type"
    ))
}

/// `tree/73_no_server`
pub(crate) fn equals(name: &str, tree: bool) -> Text {
    let text = Text::new(format!("expected `:` after `{name}`"));
    if tree {
        return text.help(format!("write `{name}: {{ .. }}`"));
    }
    text.help(format!("a child is written `{name}: Server(..)`"))
}

/// `tree/74_no_name`
pub(crate) fn no_name(example: &str) -> Text {
    Text::new("a child needs a name").help(format!("write `name: {example}`"))
}

/// `tree/74_no_name`
pub(crate) fn keyword(word: &str) -> Text {
    Text::new(format!(
        "`{word}` is a keyword, so no child can have this name"
    ))
    .help(format!("write `r#{word}`, or take another name"))
}

/// `tree/75_half_typed`
pub(crate) fn missing_comma(name: &str) -> Text {
    Text::new(format!("expected `,` before `{name}`")).help("children are separated by commas")
}

/// `tree/75_half_typed`
pub(crate) fn half_typed(why: &str) -> Text {
    Text::new(format!("this argument is not complete: {why}"))
}

/// `tree/75_half_typed`
pub(crate) fn half_spec(why: &str) -> Text {
    Text::new(format!("this spec is not complete: {why}"))
}

/// `tree/75_half_typed`
pub(crate) fn task_future() -> Text {
    Text::new("a task is one future")
        .help("write `task(serve(..))`, where `serve` is an `async fn`")
}

/// `tree/78_reserved_name`
pub(crate) fn reserved(name: &str, known: &[&str]) -> Text {
    Text::new(format!(
        "a child cannot be called `{name}`: the tree has a function of this name"
    ))
    .help(format!(
        "give it another name; the tree itself has {}",
        list(known)
    ))
}

/// `tree/78_reserved_name`
pub(crate) fn underscores(name: &str) -> Text {
    Text::new(format!("a child cannot be called `{name}`"))
        .help("names that begin with `__` are kept for the macro")
}

/// `tree/78_reserved_name`
pub(crate) fn parameter_name(name: &str) -> Text {
    Text::new(format!("`{name}` is a parameter of the tree already"))
        .help("arguments could not tell the two apart: rename one of them")
}

/// `tree/78_reserved_name`
pub(crate) fn same_type(name: &str, ty: &str) -> Text {
    Text::new(format!("the type of `{name}` would be a second `{ty}`")).help("rename one of them")
}

/// `tree/79_zero_shutdown`
pub(crate) fn zero_shutdown() -> Text {
    Text::new("a shutdown of zero gives the child no time to stop")
        .help("write `shutdown = brutal_kill` to have it killed at once")
}

/// `tree/79_zero_shutdown`
pub(crate) fn unknown_shutdown(word: &str, near: &str) -> Text {
    Text::new(format!("unknown shutdown `{word}`")).help(format!("did you mean `{near}`?"))
}

/// `tree/79_shutdown_budget`
pub(crate) fn budget(child: &str, given: &str, needed: &str) -> Text {
    Text::new(format!(
        "`{child}` has {given} to stop, but its children may take {needed}"
    ))
    .help(format!(
        "they stop one after another: give it {needed} or more, or `infinity`"
    ))
}

/// `tree/79_significant`
pub(crate) fn significant() -> Text {
    Text::new("a significant child means nothing here: the supervisor never shuts down by itself")
        .help("add `auto_shutdown = any_significant` or `all_significant` to the `#[tree(..)]` around it")
}

/// `tree/79_significant`
pub(crate) fn significant_permanent() -> Text {
    Text::new("a permanent child cannot be significant: it never ends by itself")
        .help("write `restart = transient` or `restart = temporary`")
}

/// `tree/80_no_restarts`
pub(crate) fn no_restarts(child: &str) -> String {
    format!(
        "an intensity of 0 allows no restart, so the first crash of the permanent child `{child}` ends the tree"
    )
}

/// `tree/82_no_children`
pub(crate) fn no_children() -> String {
    "a tree with no children supervises nothing".to_owned()
}

/// `tree/66_child_option_typo`
pub(crate) fn root_only() -> Text {
    Text::new("`crate` is given once, on the whole tree")
        .help("move it to the `#[tree(..)]` of the item")
}

/// `misuse/tree_children`
pub(crate) fn option_as_child(name: &str, option: &str, value: &str) -> Text {
    Text::new(format!("`{name}` is an option of the tree, not a child")).help(format!(
        "write `#[tree({option} = {value})]` on the tree, or `#![tree({option} = {value})]` before its first child"
    ))
}

/// `misuse/misplaced_options`
pub(crate) fn misplaced(key: &str, attribute: &str, other: &str, option: &str) -> Text {
    let text = Text::new(format!("`{key}` is no option of `#[{attribute}]`"));
    if attribute == "tree" && other == "child" {
        return text.help(format!(
            "write `#[child({option})]` where the tree is a child"
        ));
    }
    text.help(format!("write `#[{other}({option})]`"))
}

/// `misuse/misplaced_options`
pub(crate) fn half_intensity(key: &str, meant: &str) -> Text {
    Text::new(format!("`{key}` is a part of the intensity")).help(format!(
        "write `intensity = {meant}`: more restarts in that time end the supervisor"
    ))
}

/// `misuse/option_lists`
pub(crate) fn without_parentheses(attribute: &str, option: &str) -> Text {
    Text::new(format!(
        "the options of `#[{attribute}]` stand in parentheses"
    ))
    .help(format!("write `#[{attribute}({option})]`"))
}

/// `misuse/many`
pub(crate) fn one_for_one_anyway(key: &str, attribute: &str) -> Text {
    let what = if attribute == "pool" {
        "the workers of a pool"
    } else {
        "the children of a dynamic supervisor"
    };
    Text::new(format!("{what} have no `{key}`: each is restarted alone"))
        .help(format!("remove `{key}`"))
}

/// `misuse/many`
pub(crate) fn restart_of_workers(option: &str) -> Text {
    Text::new("the workers of a pool are restarted as their server says")
        .help(format!("write `#[gen_server({option})]` on the server"))
}

/// `misuse/many`
pub(crate) fn attribute_as_option(key: &str, size: Option<&str>) -> Text {
    let text = Text::new(format!("`{key}` is no option of `#[child]`"));
    match size {
        _ if key == "dynamic" => text.help("write `#[dynamic]`"),
        Some(size) => text.help(format!("write `#[pool(size = {size})]`")),
        None => text.help("write `#[pool(size = 4)]`"),
    }
}

/// `misuse/negative`
pub(crate) fn negative(key: &str, example: &str) -> Text {
    Text::new(format!("`{key}` cannot be negative")).help(format!("write `{key} = {example}`"))
}

/// `misuse/tree_children`
pub(crate) fn function_of_server(
    child: &str,
    server: &str,
    function: &str,
    arguments: &str,
) -> Text {
    let text = Text::new("a child is the server itself: the tree starts it");
    match function {
        "child_spec" => text.help(format!(
            "write `{child}: {server}{arguments}`, or `{child}: Ref<{server}> = {server}::child_spec{arguments}`"
        )),
        // The name is an argument of its own.
        "start_as" => text.help(format!(
            "write `{child}: {server}(..)`, with `#[child(name = \"database\")]` above it"
        )),
        _ => text.help(format!("write `{child}: {server}{arguments}`")),
    }
}

/// `misuse/tree_children`
pub(crate) fn visible_child(written: &str) -> Text {
    Text::new("a child is as visible as its tree").help(format!("remove `{written}`"))
}

/// `misuse/tree_children`
pub(crate) fn quoted_name(name: &str) -> Text {
    Text::new("the name of a child is no text").help(format!(
        "write `{name}: Server(..)`; `#[child(name = \"{name}\")]` registers it under that name"
    ))
}

/// `tree/75_half_typed`
pub(crate) fn half_attribute() -> Text {
    Text::new("this attribute is not complete")
}
