//! What holds of both macros, whatever they are given.

mod arbitrary;
mod half_typed;
mod spans;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// A server and its options, with every kind of member.
const SERVER: (&str, &str) = (
    "mailbox = 256, call_timeout = 2s, idle = 30s",
    r#"
    impl<K: Ord + Send + 'static> Counter<K> where K: Clone {
        #[init]
        pub async fn new(start: u64, cx: &mut Ctx<Self>) -> Init<Self> { build(start, cx).await }
        /// The present count.
        #[call]
        pub fn get(&self) -> u64 { self.n }
        #[call(timeout = 500ms, always)]
        pub async fn add(&mut self, by: u64, cx: &mut Ctx<Self>) -> Result<Vec<(K, u64)>, TooBig> { self.sum(by)? }
        #[call(deferred)]
        pub fn wait(&mut self, key: K, reply: Reply<u64>) { self.waiting.push(reply) }
        #[call(spawn)]
        fn query(&self, q: Sql) -> impl Future<Output = Rows> + Send + 'static { async move { run(q) } }
        #[cast(name = clear)]
        pub(crate) fn reset(&mut self) { self.n = 0; }
        #[info]
        fn tick(&mut self, tick: Tick) {}
        #[info(down)]
        fn gone(&mut self, down: Down) {}
        #[info(idle)]
        fn quiet(&mut self) {}
        #[continuation]
        async fn warm(&mut self, from: [u8; 4]) -> io::Result<()> { Ok(()) }
        #[terminate]
        fn bye(&mut self, why: &ExitReason) {}
        #[status]
        fn show(&self) -> impl Serialize { self.n }
        pub const LIMIT: u64 = 10;
        fn helper(of: fn(u8) -> u8) -> *const u8 { of(1) }
    }"#,
);

/// A tree with every kind of child.
const TREE: &str = r#"
    /// The shop.
    #[tree(strategy = rest_for_one, intensity = cfg.max in 30s)]
    pub struct Shop(cfg: Config<u8, u16>, port: u16) {
        /// Orders live here.
        #[child(shutdown = 10s, name = "database")]
        db: Db(cfg.url.clone()),
        cache: Cache::<(u64, Item), Vec<Item>, 64>(db, |x| x + 1);
        legacy: Ref<Old<u8, u16>> = old_spec(*port),
        #[pool(size = cfg.workers, route = least_busy)]
        workers: Worker(cache.clone(), "text", 'c'),
        #[dynamic(max = 10_000, restart = temporary)]
        sessions: Session,
        #[tree(strategy = one_for_all)]
        web: {
            #[child(restart = transient, backoff = 100ms..30s)]
            http: task(serve(*port, cache)),
            deep: { log: Log(http, db) },
        },
        other: OtherTree(cfg.other.clone(), web),
    }"#;

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("tokens")
}

/// Where each error of an expansion points.
fn errors(out: &TokenStream) -> Vec<Span> {
    let mut found = Vec::new();
    for token in out.clone() {
        match token {
            TokenTree::Ident(word) if word == "compile_error" => found.push(word.span()),
            TokenTree::Group(group) => found.extend(errors(&group.stream())),
            _ => {}
        }
    }
    found
}

/// The items of one group or, if there is none, of the tokens themselves.
fn inside_braces(tokens: &TokenStream) -> TokenStream {
    let last = tokens.clone().into_iter().last();
    match last {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group.stream(),
        _ => tokens.clone(),
    }
}
