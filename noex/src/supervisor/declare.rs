//! The front of `supervisor!`: it tells the procedural macro where noex is.

/// Declares a supervision tree, or makes the [`Spec`](crate::supervisor::Spec) of one.
///
/// ```
/// use noex::prelude::*;
/// use std::time::Duration;
///
/// struct Db(String);
///
/// #[gen_server]
/// impl Db {
///     #[init]
///     fn open(url: String) -> Self { Self(url) }
///     #[call]
///     fn url(&self) -> String { self.0.clone() }
/// }
///
/// struct Cache { db: Ref<Db> }
///
/// #[gen_server]
/// impl Cache {
///     #[init]
///     fn new(db: Ref<Db>) -> Self { Self { db } }
///     #[call]
///     async fn source(&mut self) -> Result<String, CallError> { self.db.url().await }
/// }
///
/// async fn serve(port: u16, cache: Ref<Cache>) {
///     noex::stopping().await; // drain here
/// }
///
/// struct Config { url: String, port: u16, max_restarts: u32 }
///
/// supervisor! {
///     /// The shop.
///     #[tree(strategy = rest_for_one, intensity = cfg.max_restarts in 30s)]
///     struct Shop(cfg: Config) {
///         /// Orders live here.
///         #[child(shutdown = 10s, name = "shop/database")]
///         db: Db(cfg.url.clone()),
///         cache: Cache(db),
///         #[tree(strategy = one_for_one)]
///         web: {
///             http: task(serve(cfg.port, cache)),
///         },
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let shop = Shop::start(Config { url: "db://".into(), port: 80, max_restarts: 5 }).await?;
/// assert_eq!(shop.cache().source().await?, "db://");
/// assert!(shop.web().http().is_alive());
/// assert_eq!(Shop::tree().children[1].needs, ["db"]);
/// shop.stop().await?;
/// # Ok(())
/// # }
/// ```
///
/// It reads like a struct. The fields are the children, in start order; the parameters of the tree stand after its name;
/// attributes are options. Children stop in reverse order.
///
/// # Children
///
/// | written | what it is |
/// |---|---|
/// | `name: Server(arguments)` | a server, or a tree declared elsewhere; the arguments are those of its `start` |
/// | `name: task(future)` | a [`Task`](crate::Task): any async function |
/// | `name: Ref<Server> = expression` | a [`ChildSpec`](crate::ChildSpec), made when its supervisor starts, and the type of its ref |
/// | `name: { .. }` | a supervisor of its own |
/// | `#[pool(size = 4)] name: Server(arguments)` | a [`Pool`](crate::supervisor::Pool) of such servers, used like one of them; with `route = by_key`, [`Partitions`](crate::supervisor::Partitions) |
/// | `#[dynamic] name: Server` | a [`Dynamic`](crate::supervisor::Dynamic) supervisor, whose children are started at run time |
///
/// *Arguments* are evaluated anew at each start of the child. They see the parameters of the tree as references, and the
/// siblings that start earlier, also those of the supervisors around, as refs that follow restarts. They cannot
/// `.await`; a `?` in them is a failure to start.
///
/// # Options
///
/// | in | option | default | |
/// |---|---|---|---|
/// | `#[tree(..)]` | `strategy` | `one_for_one` | also `one_for_all`, `rest_for_one`, and `dependents`: who takes the failed child as an argument, directly or through others |
/// | | `intensity = 3 in 5s` | that | how many failures are borne within which time; both may be expressions of the parameters |
/// | | `auto_shutdown` | `never` | also `any_significant`, `all_significant` |
/// | | `crate = path` | where the macro is from | where noex is found |
/// | `#[child(..)]` | `restart` | the server's | `permanent`, `transient`, `temporary` |
/// | | `shutdown` | the server's; `infinity` for a tree | a time, `brutal_kill`, `infinity` |
/// | | `significant` | off | whether its end counts for `auto_shutdown` |
/// | | `name = "database"` | the server's | the name it registers |
/// | | `backoff = 100ms..30s` | none | waits before restarts that follow a failure, doubling; or `1s` for all of them |
/// | `#[pool(..)]` | `size` | must be given | how many workers; may be an expression of the parameters |
/// | | `route` | `round_robin` | also `least_busy`, `by_key` |
/// | | `intensity` | `3 in 5s` | of all its workers together |
/// | `#[dynamic(..)]` | `max` | no limit | how many children it may have |
/// | | `restart` | the server's | when its children are restarted; with `temporary` their arguments need not be `Clone` |
/// | | `intensity` | `3 in 5s` | of all its children together |
///
/// For a pool and a dynamic supervisor, the options of `#[child(..)]` are about that supervisor, not about its children.
///
/// Times are literals with a unit (`ns us ms s m min h d`, decimals and `_` allowed) or `Duration` expressions.
///
/// # What it declares
///
/// `Shop`, which derefs to [`TreeHandle`](crate::supervisor::TreeHandle), with `start(parameters)` (lazy, as for servers),
/// `child_spec(parameters)`, `tree()` (its shape as data) and one accessor for each child; a type such as `ShopWeb` for each
/// tree inside it. What an accessor gives is bound to the place of the child, so it follows restarts of the child and of the
/// supervisors above.
///
/// # As an expression
///
/// Without `struct Shop(..)` it is an expression of type [`Spec`](crate::supervisor::Spec), whose arguments see the local
/// variables around it, moved into it once. Options of the whole go first, in `#![tree(..)]`.
///
/// ```
/// # use noex::prelude::*;
/// # use noex::supervisor::Supervisor;
/// # struct Counter(u64);
/// # #[gen_server]
/// # impl Counter { #[init] fn new(n: u64) -> Self { Self(n) } #[call] fn get(&self) -> u64 { self.0 } }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let spec = supervisor! {
///     #![tree(strategy = one_for_all)]
///     a: Counter(1),
///     b: Counter(2),
/// };
/// Supervisor::start(spec).await?.stop().await?;
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! supervisor {
    ($($tree:tt)*) => { $crate::__private::supervisor! { [$crate] $($tree)* } };
}

/// The expression form of a tree. Only its name matters: where an item is expected rustc calls "the usage of
/// `__tree_without_struct!` likely invalid in item context".
#[doc(hidden)]
#[macro_export]
macro_rules! __tree_without_struct {
    ($($spec:tt)*) => { $($spec)* };
}
