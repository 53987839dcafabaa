//! Expansions as text: parsed again, laid out, compared.

use super::{function, gen_server};
use proc_macro2::TokenStream;

fn expanded(attr: &str, item: &str) -> TokenStream {
    let attr = attr.parse().expect("tokens");
    gen_server(attr, item.parse().expect("tokens"))
}

/// The expansion laid out; panics when it is no Rust.
fn laid_out(tokens: &TokenStream) -> String {
    let file = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}: {tokens}"));
    prettyplease::unparse(&file)
}

fn errors(tokens: &TokenStream) -> usize {
    tokens.to_string().matches("compile_error").count()
}

/// Compares with `snapshots/<name>.rs`; writes it when `NOEX_BLESS` is set.
fn assert_snapshot(name: &str, tokens: &TokenStream) {
    let path = format!(
        "{}/src/expand/snapshots/{name}.rs",
        env!("CARGO_MANIFEST_DIR")
    );
    let actual = laid_out(tokens);
    if std::env::var_os("NOEX_BLESS").is_some() {
        std::fs::write(&path, actual).expect("the snapshot can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        actual == expected,
        "{path} differs; set NOEX_BLESS=1 to accept:\n{actual}"
    );
}

#[test]
fn a_server_with_every_kind_of_handler() {
    let out = expanded(
        "call_timeout = 2s",
        r"
        impl Counter {
            #[init]
            pub async fn new(start: u64, cx: &mut Ctx<Self>) -> Init<Self> { .. }
            /// The present count.
            #[call]
            pub fn get(&self) -> u64 { self.n }
            /// Adds, or says why not.
            #[call(timeout = 500ms)]
            pub async fn add(&mut self, cx: &mut Ctx<Self>, by: u64) -> Result<u64, TooBig> { .. }
            #[call(deferred)]
            pub fn wait(&mut self, reply: Reply<u64>) { self.waiting.push(reply) }
            #[call(spawn)]
            pub fn query(&self, q: Sql) -> impl Future<Output = io::Result<Rows>> + Send + 'static { .. }
            #[cast]
            fn reset(&mut self) { self.n = 0 }
            #[info]
            fn tick(&mut self, t: Tick) {}
            #[info(down)]
            fn gone(&mut self, d: Down) {}
            #[continuation]
            async fn warm(&mut self, from: u64) -> io::Result<()> { .. }
            #[terminate]
            async fn bye(&mut self, why: &ExitReason) {}
            #[status]
            fn show(&self) -> impl Serialize { self.n }
            pub const LIMIT: u64 = 10;
        }",
    );
    assert_eq!(errors(&out), 0);
    assert_snapshot("every_kind", &out);
}

#[test]
fn a_generic_server_without_init() {
    let out = expanded(
        "crate = other::noex, api = CacheApi",
        r"
        #[cfg(unix)]
        impl<K, const N: usize> Cache<K, N> where K: Ord + Send + 'static {
            #[cfg(feature = x)]
            #[deprecated]
            #[call]
            pub fn get(&self, key: K, of: Self) -> Option<Self> { .. }
            #[cast(name = set)]
            pub fn put(&mut self, r#type: [K; Self::LEN]) {}
        }",
    );
    assert_eq!(errors(&out), 0);
    // Nothing looks for noex where it is not.
    let elsewhere = laid_out(&out).replace("other::noex::", "");
    assert!(!elsewhere.contains("noex::"), "{elsewhere}");
    assert_snapshot("generic", &out);
}

#[test]
fn calls_with_a_log() {
    let out = expanded(
        "log_calls",
        r"
        impl Shop {
            #[call]
            pub fn price(&self) -> u64 { self.n }
            #[call]
            pub async fn order(&mut self, r#type: u64) -> Result<u64, SoldOut> { .. }
            #[call(deferred)]
            pub fn wait(&mut self, reply: Reply<u64>) { self.waiting.push(reply) }
            #[call(spawn)]
            pub fn query(&self) -> impl Future<Output = io::Result<Rows>> + Send + 'static { .. }
            #[cast]
            pub fn close(&mut self) {}
        }",
    );
    assert_eq!(errors(&out), 0);
    assert_snapshot("log_calls", &out);
}

#[test]
fn the_struct_half() {
    let out = expanded(
        "mailbox = unbounded, shutdown = brutal_kill, idle = 1m, name = \"x\", trap_exit",
        "#[derive(Debug)] pub struct Cache<K: Ord = u8, const N: usize = 4>(K) where K: Copy;",
    );
    assert_eq!(errors(&out), 0);
    assert_snapshot("struct_half", &out);
}

#[test]
fn tests_and_main() {
    let function = "#[ignore] async fn works() -> Result<(), E> { work().await }";
    let function: TokenStream = function.parse().expect("tokens");
    let options = "paused".parse().expect("tokens");
    let test = function::expand(function::Entry::Test, options, function.clone());
    let options = "workers = 2".parse().expect("tokens");
    let main = function::expand(function::Entry::Main, options, function);
    assert_snapshot("functions", &quote::quote!(#test mod main { #main }));
}

#[test]
fn each_mistake_is_one_error_and_the_rest_is_emitted() {
    let out = expanded(
        "mailbx = 3",
        r"
        impl S {
            #[call] fn a(&self, x: &str) -> &str { x }
            #[cast] fn b(self) {}
            #[call(timeot = 1s)] fn c<T>(&self, (x, y): (i64, T)) -> i64 { x }
            #[call] fn good(&self) -> i64 { self.n }
            fn half(
        }"
        .replace("fn half(", "")
        .as_str(),
    );
    assert_eq!(errors(&out), 7);
    let text = laid_out(&out);
    assert!(
        text.contains("fn a(&self, x: &str) -> ::noex::Call<'_, S, String>"),
        "{text}"
    );
    assert!(
        text.contains("fn c<T>(&self, _: (i64, T)) -> ::noex::Call<'_, S, i64>"),
        "{text}"
    );
    assert!(text.contains("__M::Good {"), "{text}");
    assert!(!text.contains("__M::A {"), "{text}");
    assert!(!text.contains("\n    #[call"), "{text}");
}

#[test]
fn a_half_typed_member_costs_nothing_else() {
    let out = expanded(
        "",
        "impl S { #[call] fn good(&self) {} #[call] fn half(&self, x: ) -> u8 {} }",
    );
    let text = out.to_string();
    assert!(text.contains("__M :: Good"), "{text}");
    assert!(!text.contains("# [call]"), "{text}");
}

#[test]
fn documentation_names_the_handler_before_its_sections() {
    let out = expanded(
        "",
        r#"
        impl S {
            /// Adds.
            ///
            /// ```
            /// # use hidden;
            /// ```
            ///
            /// # Errors
            ///
            /// Never.
            #[call(timeout = 1500ms)]
            pub fn add(&self) {}
        }"#,
    );
    let text = laid_out(&out);
    let methods = &text[text.find("impl SRef {").expect("the ref's methods")..];
    let places = [
        "# use hidden;",
        "Handled by [`S::add`]; a caller waits up to `1.5s`.",
        "# Errors",
    ];
    let places = places.map(|part| methods.find(part).expect(part));
    assert!(places.is_sorted(), "{methods}");
}

#[test]
fn print_shows_readable_lines() {
    let out = expanded("print", "impl S { #[cast] fn f(&self, n: u64) {} }").to_string();
    assert!(out.contains("deprecated (note = "), "{out}");
    for line in [
        r"\npub enum SMessage<> {\n    F {\n        n: u64,\n    },\n}\n",
        r"\n        fn f(&self, n: u64) -> ::core::result::Result<(), ::noex::CastError<SMessage>> {\n",
        r"\n            self.__at.cast(__M::F { n })\n",
    ] {
        assert!(out.contains(line), "{line} is missing in {out}");
    }
}

/// A build that is incremental repeats the errors of each function that asks.
#[test]
fn one_function_asks_whether_a_server_can_be_sent() {
    let out = expanded(
        "api = Api",
        "impl S { #[init] pub fn new(of: Mine) -> Self { S } #[call] pub async fn get(&self) -> u8 { 1 } }",
    );
    let text = laid_out(&out);
    let asking: Vec<_> = text
        .split("fn ")
        .filter(|part| part.contains("__private::Sent<"))
        .filter_map(|part| part.split('(').next())
        .collect();
    assert_eq!(asking, ["start"], "{text}");
    assert!(text.contains("__private::Shared<"), "{text}");
}

#[test]
fn an_expansion_stays_small() {
    use std::fmt::Write as _;
    const HANDLERS: usize = 20;
    let mut methods = String::new();
    for i in 0..HANDLERS {
        write!(
            methods,
            "/// Does what it says, or says why not.\n#[call] pub async fn \
             handler_{i}(&mut self, key: String, n: u64) -> Result<u64, Error> {{ self.do_it() }}"
        )
        .expect("writing to a string");
    }
    let server = format!("impl Server {{ #[init] fn new() -> Self {{ Self }} {methods} }}");
    let out = expanded("", &server).to_string();
    let block: TokenStream = server.parse().expect("tokens");
    let generated = out.len() - block.to_string().len();
    let each = generated / HANDLERS;
    assert!(each < 1_000, "{each} bytes for each handler");
}
