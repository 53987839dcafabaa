//! The macros of noex. Use them through the `noex` crate.

mod check;
mod diag;
mod expand;
mod model;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use expand::function::Entry;
use proc_macro2::TokenStream;
use quote::quote;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Tokens = proc_macro::TokenStream;

/// Makes a server of a type and its `impl` block.
///
/// ```
/// use noex::prelude::*;
///
/// #[gen_server(mailbox = 256)]            // optional: options beside the state
/// pub struct Counter { n: u64 }
///
/// #[gen_server]                           // the half that makes it a server
/// impl Counter {
///     #[init]
///     pub fn new(start: u64) -> Self { Self { n: start } }
///     /// The present count.
///     #[call]
///     pub fn get(&self) -> u64 { self.n }
///     #[cast]
///     pub fn reset(&mut self) { self.n = 0 }
/// }
///
/// # #[noex::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let counter = Counter::start(1).await?;
/// counter.reset()?;
/// assert_eq!(counter.get().await?, 0);
/// # Ok(())
/// # }
/// ```
///
/// It generates `CounterMessage` and `CounterContinue` (what the server can be sent, and the
/// steps that it takes by itself), `CounterRef` (a handle with a method for each call and cast),
/// the `GenServer` implementation, and `start`, `start_as`, `start_link`, `child_spec` and
/// `named` with the parameters of `#[init]`. Functions without an attribute are left alone.
///
/// # Handlers
///
/// | attribute | signature | what it is |
/// |---|---|---|
/// | `#[init]` | `fn(args..) -> Self`, `Init<Self>`, or `Result` of either | builds the state; without it the state itself is started: `Counter { n: 0 }.start()` |
/// | `#[call]` | `fn(&mut self, args..) -> T` or `Result<T, E>` | asks, and waits for the answer; an `Err` reaches the caller as `CallError::Failed` |
/// | `#[call(deferred)]` | `fn(&mut self, args.., reply: Reply<T>)` | answers later, through `reply` |
/// | `#[call(spawn)]` | `fn(&self, args..) -> impl Future<Output = T> + Send + 'static` | answers from a task beside the server |
/// | `#[cast]` | `fn(&mut self, args..)` | tells, and does not wait |
/// | `#[info]` | `fn(&mut self, message: Tick)` | a message of a timer, a stream or another process |
/// | `#[info(down)]`, `#[info(exit)]` | `fn(&mut self, down: Down)`, `fn(&mut self, exit: Exit)` | a monitored or linked process ended |
/// | `#[info(idle)]` | `fn(&mut self)` | nothing came for the time `idle` |
/// | `#[continuation]` | `fn(&mut self, args..)` | a step that runs before the next message |
/// | `#[terminate]` | `fn(&mut self, why: &ExitReason)` | runs before the state is dropped |
/// | `#[status]` | `fn(&self) -> impl Serialize` | what an observer shows of the state |
///
/// Each may be `async`, except `#[status]` and spawned calls, and each but `#[status]` may take
/// the context, `cx: &mut Ctx<Self>`, in any place. An `Err` of a handler that nobody waits for
/// ends the server with that reason. `#[call]` also takes `timeout = 500ms`, `always` (runs even
/// if the caller has gone), `raw` (hands a `Result` over as it is) and `name = other`, which
/// renames the ref's method; `#[cast]` takes `name`.
///
/// # Options
///
/// On either half; where both give one, the `impl` wins.
///
/// | option | default | |
/// |---|---|---|
/// | `mailbox = 256` or `unbounded` | 1024 | messages that may wait |
/// | `overflow = reject` or `drop_oldest` | `reject` | what a cast does when the mailbox is full |
/// | `call_timeout = 2s` | 5 s | how long callers wait |
/// | `init_timeout = 10s` | 5 s | how long `#[init]` may take |
/// | `restart = permanent`, `transient` or `temporary` | `permanent` | when a supervisor restarts it |
/// | `shutdown = 5s`, `brutal_kill` or `infinity` | 5 s | how long it may take to stop |
/// | `idle = 30s` | none | after what silence `#[info(idle)]` runs |
/// | `trap_exit` | off | exits of linked processes become messages |
/// | `inline = auto`, `always` or `never` | `auto` | whether a call may run in its caller |
/// | `stuck = wait`, `abandon` or `abort` | `wait` | what to do about a handler that cannot be stopped |
/// | `name = "visits"` | none | the name it registers |
/// | `timing` | off | whether handler times are measured |
///
/// Only on the `impl`: `message = Name` renames the message enum, `api = Name` also emits the
/// ref's methods as a trait for test doubles, `log_calls` logs requests, `print` shows the
/// expansion as a warning. `crate = path` says where noex is found. Times are literals with a unit
/// (`ns us ms s m min h d`, decimals and `_` allowed) or constant `Duration` expressions.
///
/// # Logging requests
///
/// With `log_calls`, each call that is handled has a `tracing` span `call` with the target
/// `noex::calls`, a child of the span in which it was made. What the handler logs is in it. Without
/// the option none of this is generated.
///
/// | field | |
/// |---|---|
/// | `request_id` | `cx.request_id()`: calls that the handler makes carry it on, so it finds all spans of a request |
/// | `server`, `pid`, `message` | the server's type, its process, the handler's name |
/// | `outcome` | `completed`; `failed`, when a handler returned an `Err`; `deferred`, when a `#[call(deferred)]` kept its reply; `crashed`, when it panicked; `aborted`, when the server was killed meanwhile |
/// | `duration_ms` | how long the handler took, in milliseconds, without the time in the mailbox; of a `#[call(spawn)]`, until its answer |
/// | `error` | the `Err`, by its `Display`, else by its `Debug` |
///
/// Three events are in it, `request_started` (debug), then `request_completed` (info) or
/// `request_failed` (warn). Calls that are skipped because nobody waits any more have no span.
///
/// # In an editor
///
/// What is generated stands where it comes from. From `counter.get()` and `CounterMessage::Get` an editor goes to the handler, from
/// `Counter::start` to `#[init]`, from `CounterRef` to the `impl` block; in a tree, from `shop.db()` and from `db` as an argument to
/// the child. It finds their references, and a handler, a parameter or a child that is renamed is renamed where it is used. While
/// something is half typed, or a brace is missing, all other handlers and children stay what they are.
///
/// That was tried with rust-analyzer 0.0.330. It does not complete the options of attributes, and it does not rename what is
/// named after something else: `CounterRef` after `Counter`, or the variant `Get` after `get`.
///
/// # Testing
///
/// Handlers stay ordinary functions of the server's type: a test may build the state and call them, without a process or
/// a runtime, as long as they do not take the context.
///
/// ```
/// # use noex::prelude::*;
/// struct Counter { n: u64 }
///
/// #[gen_server]
/// impl Counter {
///     #[call]
///     fn get(&self) -> u64 { self.n }
///     #[cast]
///     fn add(&mut self, by: u64) { self.n += by }
/// }
///
/// let mut counter = Counter { n: 1 };
/// counter.add(2);
/// assert_eq!(counter.get(), 3);
/// ```
///
/// Code that uses a server is tested without it when it takes `&dyn CounterApi`, the trait that `api = CounterApi` emits for the
/// public calls and casts. `CounterRef` implements it, and so can a double.
///
/// ```
/// use noex::prelude::*;
/// use std::pin::Pin;
/// # struct Counter { n: u64 }
///
/// #[gen_server(api = CounterApi)]
/// impl Counter {
///     #[call]
///     pub fn get(&self) -> u64 { self.n }
/// }
///
/// struct Seven;
///
/// impl CounterApi for Seven {
///     fn get(&self) -> Pin<Box<dyn Future<Output = Result<u64, CallError>> + Send + '_>> {
///         Box::pin(async { Ok(7) })
///     }
/// }
///
/// async fn double(counter: &dyn CounterApi) -> Result<u64, CallError> {
///     Ok(2 * counter.get().await?)
/// }
///
/// # #[noex::main]
/// # async fn main() -> Result<(), CallError> {
/// assert_eq!(double(&Seven).await?, 14);
/// # Ok(())
/// # }
/// ```
#[proc_macro_attribute]
pub fn gen_server(attr: Tokens, item: Tokens) -> Tokens {
    guarded("gen_server", || {
        expand::gen_server(attr.into(), item.into())
    })
}

/// Declares a supervision tree.
#[proc_macro]
pub fn supervisor(input: Tokens) -> Tokens {
    guarded("supervisor", || tree::expand(input.into()))
}

/// Runs an `async fn main` on a tokio runtime with a noex system.
///
/// Options: `workers = 4` (threads; one for each core by default), `flavor = current_thread`,
/// `crate = path`.
///
/// ```
/// use noex::System;
///
/// #[noex::main(workers = 2)]
/// async fn main() {
///     assert_eq!(System::current().processes(), []);
/// }
/// ```
#[proc_macro_attribute]
pub fn main(attr: Tokens, item: Tokens) -> Tokens {
    guarded("main", || {
        expand::function::expand(Entry::Main, attr.into(), item.into())
    })
}

/// Runs an `async fn` as a test, with a runtime and a noex system of its own. The test fails when
/// it leaves processes or timers behind.
///
/// Options: `paused` (time stands still and jumps to the next timer; needs the feature
/// `test-util`), `workers = 4` (threads; one by default), `crate = path`. The environment variable `NOEX_TEST_WORKERS=8`
/// gives tests with `workers` another number, to see races differently.
///
/// ```
/// use noex::prelude::*;
///
/// struct Counter { n: u64 }
///
/// #[gen_server]
/// impl Counter {
///     #[call]
///     fn get(&self) -> u64 { self.n }
/// }
///
/// #[noex::test]
/// async fn counts() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///     let counter = Counter { n: 1 }.start().await?;
///     assert_eq!(counter.get().await?, 1);
///     Process::stop(&counter).await?;
///     Ok(())
/// }
/// ```
#[proc_macro_attribute]
pub fn test(attr: Tokens, item: Tokens) -> Tokens {
    guarded("test", || {
        expand::function::expand(Entry::Test, attr.into(), item.into())
    })
}

/// The attributes of handlers, so that editors can explain them. Inside `#[gen_server]` they never
/// run; where they do run, that attribute is missing.
macro_rules! handler_attributes {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(_attr: Tokens, item: Tokens) -> Tokens {
            outside_impl(stringify!($name), item)
        }
    )* };
}

handler_attributes! {
    /// Builds the state: `fn(args..) -> Self`, `Init<Self>`, or `Result` of either.
    init
    /// A question with an answer. Options: `timeout`, `deferred`, `spawn`, `raw`, `always`, `name`.
    call
    /// A message without an answer. Option: `name`.
    cast
    /// A message of a timer, a stream or another process; or `down`, `exit`, `idle`.
    info
    /// A step that runs before the next message.
    continuation
    /// Runs before the state is dropped.
    terminate
    /// What an observer shows of the state: `fn(&self) -> impl Serialize`.
    status
}

fn outside_impl(word: &str, item: Tokens) -> Tokens {
    let text = String::from(text::server::outside_impl(word));
    let error = syn::Error::new(proc_macro2::Span::call_site(), text).to_compile_error();
    let item = TokenStream::from(item);
    // A method cannot stand beside the error, which is an item; a statement in it can.
    match syn::parse2::<syntax::function::Method>(item.clone()) {
        Ok(function) => {
            let syntax::function::Method {
                attrs,
                vis,
                sig,
                body,
            } = function;
            let body = body.stream();
            quote!(#(#attrs)* #vis #sig { #error #body }).into()
        }
        Err(_) => quote!(#error #item).into(),
    }
}

/// Runs one expansion; a panic in it becomes an error that says where to report it.
fn guarded(name: &str, expand: impl FnOnce() -> TokenStream) -> Tokens {
    let out = catch_unwind(AssertUnwindSafe(expand)).unwrap_or_else(|panic| {
        let why = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        let text = String::from(text::bug(name, why));
        syn::Error::new(proc_macro2::Span::call_site(), text).to_compile_error()
    });
    out.into()
}
