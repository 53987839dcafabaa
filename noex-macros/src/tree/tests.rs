use super::{Diag, check, drawing, expand, model::Tree, syntax};
use proc_macro2::TokenStream;
use quote::quote;

/// Reads and checks; the mistakes come as the first line of each.
fn read(input: TokenStream) -> (Tree, Vec<String>) {
    let mut d = Diag::default();
    let mut tree = syntax::read(input, &mut d);
    check::check(&mut tree, &mut d);
    (tree, lines(d))
}

fn lines(d: Diag) -> Vec<String> {
    let tokens = d.into_tokens();
    let macros = syn::parse2::<syn::File>(tokens).expect("errors are items");
    let macros = macros.items.into_iter().map(|item| match item {
        syn::Item::Macro(item) => item.mac.tokens,
        _ => TokenStream::new(),
    });
    macros
        .map(|text| {
            let text: syn::LitStr = syn::parse2(text).expect("an error holds its text");
            text.value().lines().next().unwrap_or_default().to_owned()
        })
        .collect()
}

fn mistakes(input: TokenStream) -> Vec<String> {
    // Whatever is wrong, what comes out can be read.
    file(input.clone());
    read(input).1
}

/// The expansion, pretty-printed.
fn file(input: TokenStream) -> String {
    let file = syn::parse2(expand(input)).expect("the expansion is a list of items");
    prettyplease::unparse(&file)
}

/// Without the spaces, of which pretty-printing decides.
fn packed(code: &str) -> String {
    code.split_whitespace().collect()
}

fn shop() -> TokenStream {
    quote! {
        /// The shop.
        #[tree(strategy = rest_for_one, intensity = cfg.max_restarts in 30s)]
        pub struct Shop(cfg: Config<u8, u16>) {
            /// Orders live here.
            #[child(shutdown = 10s, name = "database")]
            db: Db(cfg.url.clone()),
            cache: Cache::<(u64, Item), Vec<Item>, 64>(db);
            legacy: Ref<Old<u8, u16>> = old_spec(cfg.port),
            #[tree(strategy = one_for_all, auto_shutdown = any_significant)]
            #[child(shutdown = infinity)]
            web: {
                #[child(restart = transient, significant)]
                http: task(serve(cfg.port, cache.clone())),
                deep: { log: Log(http, db) },
            },
            other: OtherTree(cfg.other.clone(), web),
        }
    }
}

#[test]
fn a_whole_tree_has_no_mistake_and_knows_what_needs_what() {
    let (tree, mistakes) = read(shop());
    assert_eq!(mistakes, [""; 0]);
    let drawing = drawing::draw("Shop", &tree.root);
    let expected = "\
Shop (rest_for_one, cfg.max_restarts in 30s)
├─ db: Db
├─ cache: Cache<(u64, Item), Vec<Item>, 64> (needs db)
├─ legacy: Ref<Old<u8, u16>>
├─ web (one_for_all)
│  ├─ http: task (needs cache)
│  └─ deep (one_for_one)
│     └─ log: Log (needs http, db)
└─ other: OtherTree (needs web)
";
    assert_eq!(drawing, expected);
}

#[test]
fn each_tree_is_a_type_with_an_accessor_for_each_child() {
    let file = packed(&file(shop()));
    for part in [
        "pub struct Shop(",
        "pub struct ShopWeb(",
        "pub struct ShopWebDeep(",
        "pub fn db(&self) -> ::noex::Ref<Db>",
        "pub fn cache(&self) -> ::noex::Ref<Cache<(u64, Item), Vec<Item>, 64>>",
        "pub fn legacy(&self) -> Ref<Old<u8, u16>>",
        "pub fn web(&self) -> ::noex::Ref<ShopWeb>",
        "pub fn http(&self) -> ::noex::Ref<::noex::Task>",
        "pub fn log(&self) -> ::noex::Ref<Log>",
        "pub fn start(cfg: Config<u8, u16>) -> ::noex::Start<Self>",
        ".shutdown(::noex::supervisor::Shutdown::Infinity)",
        ".name(\"database\")",
    ] {
        assert!(file.contains(&packed(part)), "{part}");
    }
}

#[test]
fn siblings_are_found_through_as_many_supervisors_as_lie_between() {
    let file = packed(&file(shop()));
    // `log` is in `deep`, which is in `web`, which is in the shop.
    for (ty, place) in [
        ("http: ::noex::Ref<::noex::Task>", "1usize, 0usize, 2usize"),
        ("db: ::noex::Ref<Db>", "2usize, 0usize, 5usize"),
    ] {
        let line = format!("let {ty} = ::noex::__private::sibling(slot, {place},)");
        assert!(file.contains(&packed(&line)), "{line}");
    }
}

#[test]
fn the_expression_form_is_one_expression() {
    let out = expand(quote!(a: Counter(1), b: { c: Counter(2) }));
    let block = |tokens| {
        let expression: syn::ExprMacro = syn::parse2(tokens).expect("an expression");
        syn::parse2::<syn::ExprBlock>(expression.mac.tokens).expect("a block")
    };
    assert_eq!(block(out).block.stmts.len(), 1);
    let _wrong = block(expand(quote!(#![tree(strategy = nope)] a: Counter(1))));
}

#[test]
fn noex_is_found_where_the_caller_has_it() {
    for tree in [
        quote!([::other] struct A() { a: S() }),
        quote!([::noex] #[tree(crate = ::other)] struct A() { a: S() }),
    ] {
        let file = file(tree);
        assert!(file.contains("::other::Child"), "{file}");
        assert!(!file.contains("::noex"), "{file}");
    }
}

#[test]
fn a_half_typed_entry_costs_no_other() {
    let tree = quote! {
        pub struct App(cfg: Cfg) {
            a: S(cfg.),
            b: ,
            c: S(3)
            d: S(4),
            e:
            f: S(5), g
            h: F(b, e),
            #[child(restart = temporary)] i: S::,
            j: Cache::<u64, u8,
            k: S(6)
        }
    };
    assert_eq!(
        mistakes(tree.clone()),
        [
            "this argument is not complete: unexpected end of input, expected identifier or integer",
            "the child `b` has no server",
            "expected `,` before `d`",
            "the child `e` has no server",
            "the child `g` has no server",
            "this is not the path of a server",
            "this is not the path of a server",
        ]
    );
    let file = file(tree);
    for child in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] {
        assert!(file.contains(&format!("fn {child}(&self)")), "{child}");
    }
}

#[test]
fn what_only_looks_like_a_sibling_is_none() {
    let (tree, mistakes) = read(quote! {
        pub struct App(cfg: Cfg) {
            db: Db(),
            item: Item(cfg.items.iter().map(|item| item.len()).sum()),
            a: A(cfg.db, Row { db: 1 }, db::open(), db!(), db(), x::db, cfg.item),
            b: B(0..db, Row { db }, f(&mut db), late.x()),
            c: C({ let late = 1; late }),
            late: D(),
        }
    });
    assert_eq!(mistakes, ["`late` starts after `b` needs it"]);
    let needs: Vec<_> = tree
        .root
        .children
        .iter()
        .map(|child| {
            child
                .needs
                .iter()
                .map(|need| need.name.to_string())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        needs,
        [
            vec![],
            vec![],
            vec![],
            vec!["db".to_owned()],
            vec![],
            vec![]
        ]
    );
}

#[test]
fn waiting_is_seen_where_it_is_the_argument_that_waits() {
    let awaits = "an argument cannot wait: it is computed anew at each restart";
    assert_eq!(mistakes(quote!(struct A() { a: S(f().await) })), [awaits]);
    assert_eq!(
        mistakes(quote!(struct A() { a: S(vec![g(f().await)]) })),
        [awaits]
    );
    assert_eq!(
        mistakes(quote!(struct A() { a: task(f().await) })),
        [awaits]
    );
    assert_eq!(
        mistakes(quote!(struct A() { a: S(async { f().await }) })),
        [""; 0]
    );
    assert_eq!(
        mistakes(quote!(struct A() { a: task(async move { f().await }) })),
        [""; 0]
    );
    assert_eq!(
        mistakes(quote!(struct A() { a: S(async |x| { x.await }, async move |(y)| { y.await }) })),
        [""; 0]
    );
}

#[test]
fn a_header_is_read_to_its_end() {
    assert_eq!(
        mistakes(quote! {
            pub struct App<T>(a: &str, b: impl Clone, c, d: Map<u8, u16>, d: u8 e: u8) { a2: S() } more
        }),
        [
            "a tree cannot be generic",
            "a tree keeps its parameters for restarts, so they cannot borrow",
            "the type of a parameter must have a name",
            "this is not a parameter",
            "two parameters are called `d`",
            "this is not a parameter",
            "nothing can follow the children of a tree",
        ]
    );
    assert_eq!(mistakes(quote!(pub struct)), ["a tree needs a name"]);
    assert_eq!(
        mistakes(
            quote!(struct A(f: fn(&str), g: &'static str, h: Box<dyn Fn(&u8) + Send + Sync>) { a: S() })
        ),
        [""; 0]
    );
}

#[test]
fn a_tree_inside_must_have_time_for_its_children() {
    let tree = quote! {
        struct App() {
            #[child(shutdown = 5s)] a: { #[child(shutdown = 3s)] b: S(), #[child(shutdown = 3s)] c: S() },
            #[child(shutdown = 6s)] d: { #[child(shutdown = 3s)] b: S(), #[child(shutdown = 3s)] c: S() },
        }
    };
    assert_eq!(
        mistakes(tree),
        ["`a` has 5s to stop, but its children may take 6s"]
    );
}

fn many() -> TokenStream {
    quote! {
        #[tree(strategy = dependents)]
        struct App(cfg: Config) {
            db: Db(),
            #[pool(size = cfg.workers, route = least_busy)]
            workers: Worker(db),
            inner: {
                #[dynamic(max = 10_000, restart = temporary)]
                sessions: Session,
                deep: { last: Last(workers, db) },
            },
            #[child(backoff = 100ms..30s)]
            #[pool(size = 4, route = by_key)]
            stores: Store(),
        }
    }
}

#[test]
fn pools_and_dynamic_supervisors_have_types_of_their_own() {
    let file = packed(&file(many()));
    for part in [
        "fn workers(&self) -> ::noex::supervisor::Pool<Worker>",
        "fn stores(&self) -> ::noex::supervisor::Partitions<Store>",
        "fn sessions(&self) -> ::noex::supervisor::Dynamic<Session>",
        "let workers: ::noex::supervisor::Pool<Worker> =",
        "::noex::supervisor::Backoff::doubling",
        "max_children: 10_000",
    ] {
        assert!(file.contains(&packed(part)), "{part}");
    }
}

#[test]
fn a_tree_needs_what_is_needed_inside_it() {
    let file = packed(&file(many()));
    // `workers` needs `db`; `inner` needs both, for the sake of `last`.
    let needs: Vec<_> = file.match_indices(".needs([").collect();
    let listed = |(at, _): &(usize, _)| file[*at..].split(']').next().map(str::to_owned);
    let needs: Vec<_> = needs.iter().filter_map(listed).collect();
    let expected = [".needs([\"db\"", ".needs([\"db\",\"workers\""].map(packed);
    assert_eq!(needs, expected);
    // A worker stands one place below the pool, where its siblings are.
    let sibling =
        "let db: ::noex::Ref<Db> = ::noex::__private::sibling(slot, 1usize, 0usize, 4usize,)";
    assert!(file.contains(&packed(sibling)));
}

#[test]
fn a_drawing_shows_how_many_there_are() {
    let (tree, _) = read(many());
    let drawing = drawing::draw("App", &tree.root);
    let expected = "\
App (dependents)
├─ db: Db
├─ workers: Worker (pool of cfg.workers, least_busy; needs db)
├─ inner (one_for_one)
│  ├─ sessions: Session (dynamic, max 10_000)
│  └─ deep (one_for_one)
│     └─ last: Last (needs workers, db)
└─ stores: Store (pool of 4, by_key)
";
    assert_eq!(drawing, expected);
}
