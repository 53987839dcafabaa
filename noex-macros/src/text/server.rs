//! Messages about a server as a whole, and about the attributes in it.

use crate::{diag::Text, model::kind::Kind};
use std::fmt::Display;

/// `server/11_two_kinds`
pub(crate) fn two_kinds(name: impl Display, first: Kind) -> Text {
    let kind = first.attribute();
    Text::new(format!("`{name}` already is a `{kind}` handler")).help("keep one of the attributes")
}

/// `server/12_foreign_word`
pub(crate) fn unknown_kind(word: &str, meant: &str) -> Text {
    Text::new(format!("unknown handler kind `{word}`")).help(format!("write `#[{meant}]`"))
}

/// `misuse/attributes`
pub(crate) fn not_on_a_handler(written: &str, meant: &str) -> Text {
    Text::new(format!("`{written}` makes no handler")).help(format!("write `#[{meant}]`"))
}

/// `misuse/attributes`
pub(crate) fn handler_is_no_test() -> Text {
    Text::new("a handler is no test").help(
        "remove it; a test is a function outside, `#[noex::test] async fn f() { ... }`, that starts the server",
    )
}

/// `misuse/attributes`
pub(crate) fn async_trait() -> Text {
    Text::new("handlers are `async` as they are").help("remove `#[async_trait]`")
}

/// `server/13_cfg_attr`
pub(crate) fn behind_cfg_attr() -> Text {
    Text::new("the macro cannot see a handler behind `cfg_attr`")
        .help("write the method twice, each with its own `#[cfg(...)]`")
}

/// `server/14_outside_impl`
pub(crate) fn outside_impl(word: &str) -> Text {
    Text::new(format!("`#[{word}]` outside a `#[gen_server]` impl"))
        .help("put `#[gen_server]` on the `impl` block; it does not see handlers that another macro writes into it")
}

/// `server/12_foreign_word`
pub(crate) fn written_with_equals(kind: Kind) -> Text {
    let word = kind.attribute();
    Text::new(format!("the options of `#[{word}]` stand in parentheses"))
        .help(format!("write `#[{word}(...)]`"))
}

/// `server/27_info_twice`
pub(crate) fn info_twice(ty: &str) -> Text {
    Text::new(format!("two `#[info]` handlers take `{ty}`")).help("one type, one handler")
}

/// `server/37_two_inits`, `server/38_two_terminates`
pub(crate) fn single_twice(kind: Kind, first: impl Display) -> Text {
    let kind = kind.written();
    Text::new(format!(
        "a server has one `{kind}`; `{first}` is it already"
    ))
}

/// `server/44_lifetime`
pub(crate) fn lifetime() -> Text {
    Text::new("a server owns its state, so its type cannot have a lifetime parameter")
        .help("hold owned data, an `Arc`, or `&'static` references")
}

/// `misuse/unused_parameter`
pub(crate) fn unused_parameter(server: &str, name: impl Display) -> Text {
    Text::new(format!("`{name}` is no parameter of `{server}`"))
        .help(format!("remove it: `impl {server}`"))
}

/// `misuse/generic_without_bounds`
pub(crate) fn weak_parameter(name: impl Display, bounds: &[String]) -> Text {
    let bounds: String = bounds
        .iter()
        .filter(|bound| *bound != "Send")
        .map(|bound| format!("{bound} + "))
        .collect();
    Text::new(format!(
        "a server owns its state and moves between threads, but `{name}` may borrow"
    ))
    .help(format!("write `{name}: {bounds}Send + 'static`"))
}

/// `misuse/no_function`
pub(crate) fn no_function(word: &str) -> Text {
    Text::new(format!("`#[{word}]` goes on a function"))
        .help("remove it; what has no attribute is left alone")
}

/// `server/45_reserved_name`
pub(crate) fn reserved(name: &str, on_ref: bool) -> Text {
    let help = if on_ref {
        format!(
            "rename it; with `#[call(name = {name})]` or `#[cast(name = {name})]` \
             the ref's method keeps the name"
        )
    } else {
        "rename it".to_owned()
    };
    Text::new(format!(
        "a server's function cannot be called `{name}`: the macro generates one"
    ))
    .help(help)
}

/// `server/46_same_message`
pub(crate) fn same_variant(first: impl Display, second: impl Display, variant: &str) -> Text {
    Text::new(format!(
        "`{first}` and `{second}` both become the message `{variant}`"
    ))
    .help("rename one of them")
}

/// `server/46_same_message`
pub(crate) fn same_ref_method(name: impl Display) -> Text {
    Text::new(format!("the ref has two methods called `{name}`")).help("rename one of them")
}

/// `server/47_underscores`
pub(crate) fn underscores() -> Text {
    Text::new("names that begin with `__` are kept for the macro").help("rename it")
}

/// `server/49_unknown_call_option`
pub(crate) fn deferred_and_spawned(first: &str) -> Text {
    Text::new(format!("the call is `{first}` already"))
        .help("`deferred` answers through a `Reply`, `spawn` through a future: keep one")
}

/// `server/50_unknown_server_option`
pub(crate) fn only_on_impl(key: &str, option: &str) -> Text {
    Text::new(format!("`{key}` belongs on the server's `impl` block"))
        .help(format!("move it there: `#[gen_server({option})]`"))
}

/// `server/67_on_restart`
pub(crate) fn no_on_restart() -> Text {
    Text::new("the option `on_restart` does not exist yet")
        .help("remove it; when a server ends, calls that wait fail with its exit reason, and casts that wait are counted as undelivered")
}

/// `server/53_zero_mailbox`
pub(crate) fn zero_mailbox() -> Text {
    Text::new("a mailbox of 0 can take no message").help("the smallest is 1")
}

/// `misuse/words`
pub(crate) fn unquoted_name(word: &str) -> Text {
    Text::new(format!("`{word}` is no text")).help(format!("write `name = \"{word}\"`"))
}

/// `misuse/words`
pub(crate) fn mailbox_word(word: &str) -> Text {
    Text::new(format!("`{word}` is no number of messages"))
        .help("write how many may wait, as in `mailbox = 1024`, or `mailbox = unbounded`")
}

/// `misuse/misplaced_options`
pub(crate) fn option_of_tree(key: &str, option: &str) -> Text {
    Text::new(format!("`{key}` is an option of a tree, not of a server")).help(format!(
        "write `#[tree({option})]` on the tree in `supervisor!`"
    ))
}

/// `misuse/misplaced_options`
pub(crate) fn option_of_call(key: &str) -> Text {
    Text::new(format!(
        "`{key}` is an option of `#[call]`: nobody waits for a cast"
    ))
    .help("make it a `#[call]`, or remove the option")
}

/// `misuse/misplaced_options`
pub(crate) fn raw_without_result() -> Text {
    Text::new("`raw` hands a `Result` over as it is, but this call does not return one")
        .help("remove `raw`")
}

/// `misuse/empty_api`
pub(crate) fn empty_api(api: impl Display, handler: impl Display) -> Text {
    Text::new(format!(
        "`{api}` has nothing to offer: no call or cast is public"
    ))
    .help(format!("write `pub fn {handler}`"))
}

/// `misuse/told_by_signals`
pub(crate) fn told_by_signal(ty: &str) -> Text {
    let word = ty.to_lowercase();
    Text::new(format!(
        "`{ty}` is told by `#[info({word})]`: `#[info]` alone is for messages that somebody sends"
    ))
    .help(format!("write `#[info({word})]`"))
}

/// `misuse/idle`
pub(crate) fn idle_without_handler() -> Text {
    Text::new("no `#[info(idle)]` handler is told that nothing came")
        .help("add `#[info(idle)] fn idle(&mut self) { .. }`, or remove the option")
}

/// `misuse/idle`
pub(crate) fn handler_without_idle(name: impl Display) -> Text {
    Text::new(format!(
        "`{name}` is never called: the server has no idle time"
    ))
    .help("write `#[gen_server(idle = 30s)]`")
}

/// `misuse/negative`
pub(crate) fn negative_mailbox() -> Text {
    Text::new("a mailbox has no negative length")
        .help("the smallest is 1, and `mailbox = unbounded` has no limit")
}

/// `server/57_zero_timeout`
pub(crate) fn zero_timeout() -> Text {
    Text::new("a call with a zero timeout always fails")
        .help("make it a `#[cast]`, or give it a longer timeout")
}

/// `server/57_zero_timeout`
pub(crate) fn zero_call_timeout() -> Text {
    Text::new("with a zero timeout every call fails").help("give it a longer one, as in `5s`")
}

/// `server/57_zero_timeout`
pub(crate) fn zero_init_timeout() -> Text {
    Text::new("with a zero timeout no server starts").help("give it a longer one, as in `5s`")
}

/// `server/57_zero_timeout`
pub(crate) fn zero_idle() -> Text {
    Text::new("after an idle time of zero a server is always idle")
        .help("give it a longer one, as in `30s`")
}

/// `server/58_wrong_item`
pub(crate) fn wrong_item() -> Text {
    Text::new("`#[gen_server]` goes on the server's struct or on its `impl` block")
        .help("write it on `impl MyServer { ... }`, the block that holds the handlers")
}

/// `misuse/elsewhere`
pub(crate) fn timeout_of_init(option: &str) -> Text {
    Text::new("how long `#[init]` may take is an option of the server")
        .help(format!("write `#[gen_server(init_{option})]`"))
}

/// `misuse/handler_options`
pub(crate) fn timeout_of_terminate(option: &str) -> Text {
    let length = option.trim_start_matches("timeout");
    Text::new("how long `#[terminate]` may take is an option of the server")
        .help(format!("write `#[gen_server(shutdown{length})]`"))
}

/// `misuse/handler_options`
pub(crate) fn info_of_type(ty: impl Display) -> Text {
    Text::new("an `#[info]` handler says by its argument what it takes").help(format!(
        "write `#[info]`, and `message: {ty}` as the argument"
    ))
}

/// `misuse/elsewhere`
pub(crate) fn no_attribute(function: impl Display, attribute: &str) -> Text {
    Text::new(format!(
        "`{function}` is no handler: an attribute makes one, not its name"
    ))
    .help(format!(
        "write `#[{attribute}]` above a method for each message, with arguments of its own"
    ))
}

/// `misuse/second_impl`
pub(crate) fn attribute_twice() -> Text {
    Text::new("`#[gen_server]` is on this block already").help("keep one, with the options of both")
}

/// `misuse/second_impl`
pub(crate) fn second_impl(server: impl Display) -> Text {
    Text::new(format!("`{server}` has a `#[gen_server]` impl already"))
        .help("move the handlers into one block; other functions may stand in an `impl` without the attribute")
}

/// `misuse/other_arguments`
pub(crate) fn other_arguments(written: &str, other: &str) -> Text {
    Text::new(format!(
        "`{other}` is a server already, and one name stands for one server"
    ))
    .help(format!(
        "wrap it: `struct Server({written});` with `impl Server {{ ... }}`, or make one generic server of both"
    ))
}

/// `misuse/parameters_left_out`
pub(crate) fn parameters_left_out(server: impl Display, head: &str) -> Text {
    Text::new(format!(
        "`{server}` has parameters, and the block leaves them out"
    ))
    .help(format!("write `{head}`"))
}

/// `misuse/taken_names`
pub(crate) fn name_is_taken(name: impl Display) -> Text {
    taken(name).help("rename yours")
}

/// `server/48_message_clash`
pub(crate) fn message_is_taken(name: impl Display) -> Text {
    taken(name).help("rename yours, or choose another name: `#[gen_server(message = MyMessage)]`")
}

/// `misuse/taken_names`
pub(crate) fn chosen_name_is_taken(name: impl Display) -> Text {
    taken(name).help("choose another name, or remove yours")
}

fn taken(name: impl Display) -> Text {
    Text::new(format!(
        "`{name}` is declared here already, and the macro declares it"
    ))
}

/// `misuse/foreign_type`
pub(crate) fn foreign_type(written: &str) -> Text {
    Text::new(format!(
        "`{written}` belongs to another crate, so it cannot be a server"
    ))
    .help(format!(
        "wrap it: `struct Server({written});` with `impl Server {{ ... }}`"
    ))
}

/// `server/59_impl_of_trait`
pub(crate) fn impl_of_trait(server: impl Display) -> Text {
    Text::new("`#[gen_server]` goes on an inherent impl, not on the impl of a trait").help(format!(
        "write `impl {server} {{ ... }}`, and keep this impl as it is, without the attribute"
    ))
}

/// `server/59_impl_of_trait`
pub(crate) fn unsafe_impl() -> Text {
    Text::new("a `#[gen_server]` impl cannot be `unsafe`").help("remove `unsafe`")
}

/// `server/59_impl_of_trait`
pub(crate) fn unnamed_type() -> Text {
    Text::new("`#[gen_server]` needs a type with a name").help("write `impl MyServer { ... }`")
}

/// `server/59_impl_of_trait`
pub(crate) fn nameless_type(written: &str) -> Text {
    Text::new("`#[gen_server]` needs a type with a name").help(format!(
        "wrap it: `struct Server({written});` with `impl Server {{ ... }}`"
    ))
}

/// `misuse/impl_for_reference`
pub(crate) fn borrowed_type(ty: &str) -> Text {
    Text::new("a server owns its state, so it is no reference").help(format!("write `impl {ty}`"))
}
