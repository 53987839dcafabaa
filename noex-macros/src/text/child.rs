//! Messages about what stands where a child should.

use crate::diag::Text;

/// `tree/74_no_name`, `misuse/tree_elsewhere`
pub(crate) fn nameless(name: &str, server: &str) -> Text {
    Text::new("a child needs a name").help(format!("write `{name}: {server}`"))
}

/// `misuse/tree_elsewhere`
pub(crate) fn nameless_path(name: &str, server: &str, path: &str) -> Text {
    Text::new("a child needs a name").help(format!(
        "write `{name}: {server}`, or `name: {path}` if `{name}` is a module"
    ))
}

/// `misuse/tree_elsewhere`
pub(crate) fn nameless_tree() -> Text {
    Text::new("a tree inside a tree needs a name").help("write `web: { .. }`")
}

/// `misuse/tree_elsewhere`
pub(crate) fn nested_header(name: &str) -> Text {
    Text::new("a tree inside a tree has no header of its own")
        .help(format!("write `{name}: {{ .. }}`"))
}

/// `misuse/tree_elsewhere`
pub(crate) fn variable(name: &str, server: &str) -> Text {
    Text::new("the children of a tree are no variables").help(format!("write `{name}: {server}`"))
}

/// `misuse/tree_elsewhere`
pub(crate) fn arrow(name: &str, server: &str) -> Text {
    Text::new(format!("expected `:` after `{name}`")).help(format!("write `{name}: {server}`"))
}

/// `misuse/tree_elsewhere`
pub(crate) fn word_before(word: &str) -> Text {
    Text::new("nothing stands before the name of a child").help(format!("remove `{word}`"))
}

/// `misuse/tree_elsewhere`
pub(crate) fn like_a_call(name: &str, server: &str) -> Text {
    Text::new("a child is written like a call").help(format!("write `{name}: {server}`"))
}

/// `misuse/tree_elsewhere`
pub(crate) fn option_as_attribute(word: &str, attribute: &str, option: &str) -> Text {
    Text::new(format!("`#[{word}]` says nothing about a child"))
        .help(format!("write `#[{attribute}({option})]`"))
}

/// `misuse/tree_elsewhere`
pub(crate) fn late_options() -> Text {
    Text::new("`#![tree(..)]` stands before the first child").help("move it up")
}

/// `misuse/tree_words`
pub(crate) fn id_option() -> Text {
    Text::new("a child has its name in the tree for its id").help("remove `id`")
}

/// `misuse/tree_words`
pub(crate) fn needs_option(key: &str) -> Text {
    Text::new("a child depends on the siblings that it takes as arguments").help(format!(
        "remove `{key}`; with `strategy = dependents` on the tree it is restarted with them"
    ))
}

/// `misuse/tree_words`
pub(crate) fn option_of_server(key: &str, option: &str) -> Text {
    Text::new(format!("`{key}` is an option of the server"))
        .help(format!("write `#[gen_server({option})]` on it"))
}

/// `misuse/tree_words`
pub(crate) fn unquoted_name(word: &str) -> Text {
    Text::new(format!("`{word}` is no text")).help(format!("write `name = \"{word}\"`"))
}

/// `misuse/many`
pub(crate) fn many(attribute: &str, name: &str, server: &str) -> Text {
    Text::new("an attribute makes many of one server")
        .help(format!("write `{attribute}` above `{name}: {server}`"))
}

/// `misuse/many`
pub(crate) fn attribute_as_word(word: &str, attribute: &str) -> Text {
    Text::new(format!("`{word}` is an attribute of a child")).help(format!("write `{attribute}`"))
}

/// `misuse/many`
pub(crate) fn late_attribute(name: &str) -> Text {
    Text::new("attributes go before what they describe")
        .help(format!("move it up, before `{name}`"))
}

/// `misuse/many`
pub(crate) fn trailing_attribute() -> Text {
    Text::new("attributes go before what they describe").help("move it up, before the child")
}

/// `misuse/many`
pub(crate) fn dynamic_task(name: &str) -> Text {
    Text::new("`task` is no server").help(format!(
        "write `{name}: noex::Task`, and start each with `start_child(noex::Task::start(..))`"
    ))
}

/// `misuse/tree_elsewhere`
pub(crate) fn intensity_of_child(key: &str) -> Text {
    Text::new(format!(
        "`{key}` is counted for a supervisor, not for a child"
    ))
    .help("write `#[tree(intensity = 3 in 5s)]` on the tree")
}

/// `misuse/tree_code`
pub(crate) fn repeated() -> Text {
    Text::new("a tree has no loops").help(
        "for children that are alike write `#[pool(size = 4)]` above one, and `#[dynamic]` for those that are started at run time",
    )
}

/// `misuse/tree_code`
pub(crate) fn conditional() -> Text {
    Text::new("the children of a tree are always the same ones").help(
        "a server that is not wanted says so in its `#[init]`, with `Init::ignore()`; others are started later, with `start_child(..)`",
    )
}

/// `misuse/tree_code`
pub(crate) fn conditional_server(name: &str, server: &str) -> Text {
    Text::new("a child always runs the same server").help(format!(
        "decide about its arguments, as in `{name}: {server}(if .. {{ .. }} else {{ .. }})`"
    ))
}

/// `misuse/tree_code`
pub(crate) fn several(name: &str, server: &str) -> Text {
    Text::new("a child is one server").help(format!(
        "for several that are alike write `#[pool(size = 4)]` above `{name}: {server}`; others have names of their own"
    ))
}

/// `misuse/tree_code`
pub(crate) fn closure(name: &str, server: &str) -> Text {
    Text::new("the tree calls the server itself, and again at each restart")
        .help(format!("write `{name}: {server}`"))
}

/// `misuse/tree_code`
pub(crate) fn waits(written: &str) -> Text {
    Text::new("the tree waits for the start of its children itself")
        .help(format!("remove `{written}`"))
}

/// `misuse/tree_code`
pub(crate) fn wrapped(name: &str, server: &str) -> Text {
    Text::new("a child is the server itself, in nothing else")
        .help(format!("write `{name}: {server}`"))
}

/// `misuse/tree_code`
pub(crate) fn function(name: &str, call: &str) -> Text {
    Text::new("a function is no server").help(format!(
        "write `{name}: task({call})` for an `async fn`, or `{name}: Ref<Server> = {call}` for one that makes a child spec"
    ))
}

/// `misuse/tree_code`
pub(crate) fn task_of_noex(name: &str, task: &str) -> Text {
    Text::new("`task` is a word of the tree, it has no path")
        .help(format!("write `{name}: {task}`"))
}

/// `misuse/tree_code`
pub(crate) fn task(name: &str, task: &str) -> Text {
    Text::new("a task is one future").help(format!("write `{name}: {task}`"))
}

/// `misuse/tree_code`
pub(crate) fn task_of(task: &str) -> Text {
    Text::new("a task is one future, not what makes one").help(format!("write `{task}`"))
}

/// `misuse/tree_code`
pub(crate) fn spawned(task: &str) -> Text {
    Text::new("a spawned future runs on when its child is stopped").help(format!("write `{task}`"))
}

/// `misuse/tree_code`
pub(crate) fn borrowing_task(parameter: &str) -> Text {
    Text::new(format!("the task would borrow `{parameter}` from its tree")).help(format!(
        "take what it needs before: `task({{ let {parameter} = {parameter}.clone(); async move {{ .. }} }})`"
    ))
}

/// `misuse/tree_code`
pub(crate) fn parameter(name: &str, ty: &str) -> Text {
    Text::new(format!("`{ty}` is no server, so `{name}` is no child")).help(format!(
        "a parameter of the tree stands before its children: `struct Shop({name}: {ty}) {{ .. }}`"
    ))
}

/// `misuse/tree_code`
pub(crate) fn variant(name: &str, written: &str, server: &str) -> Text {
    Text::new(format!(
        "`{written}` is no server, but may be the state of one"
    ))
    .help(format!("write `{name}: {server}({written})`"))
}

/// `misuse/tree_code`
pub(crate) fn start_as_spec(ty: &str, name: &str, spec: &str) -> Text {
    Text::new("a spec is what a tree can start again and again")
        .help(format!("write `{name}: {ty} = {spec}`"))
}

/// `misuse/tree_arguments`
pub(crate) fn named_argument(value: &str) -> Text {
    Text::new("arguments have places, not names").help(format!("write `{value}`"))
}

/// `misuse/tree_arguments`
pub(crate) fn argument_of_self(sibling: &str) -> Text {
    Text::new("a child is started before its tree is there").help(format!(
        "siblings that start earlier have their names: write `{sibling}`"
    ))
}

/// `misuse/tree_arguments`
pub(crate) fn inferred() -> Text {
    Text::new("the type of a child must be written out").help("name the type")
}

/// `misuse/tree_arguments`
pub(crate) fn tree_in_itself(tree: &str) -> Text {
    Text::new(format!(
        "`{tree}` would contain itself, and its start never end"
    ))
    .help("remove the child")
}
