//! `cases/misuse`, what is about trees.

use noex::prelude::*;

#[derive(Clone)]
pub struct Config {
    port: u16,
}

async fn serve(_port: u16) {}

mod servers {
    use noex::prelude::*;

    pub struct S(u64);

    #[gen_server(mailbox = 5)]
    impl S {
        #[init]
        pub fn new(n: u64) -> Self {
            S(n)
        }
    }

    pub struct Idle;

    #[gen_server(idle = 30s)]
    impl Idle {
        #[info(idle)]
        fn quiet(&mut self) {}
    }

    pub struct Worker;

    #[gen_server(restart = transient)]
    impl Worker {}

    pub struct Server;

    #[gen_server]
    impl Server {
        #[init]
        pub fn new(wanted: bool) -> Init<Self> {
            if wanted {
                Init::ready(Self)
            } else {
                Init::ignore()
            }
        }
    }

    pub enum Mode {
        Slow,
    }

    #[gen_server]
    impl Mode {}

    pub struct Plain {
        pub n: u64,
    }

    #[gen_server]
    impl Plain {}
}

use servers::{Mode, Plain, S, Server};

mod elsewhere {
    pub mod counter {
        use noex::prelude::*;

        pub struct Counter(u64);

        #[gen_server]
        impl Counter {
            #[init]
            pub fn new(n: u64) -> Self {
                Counter(n)
            }
        }
    }

    use counter::Counter;

    noex::supervisor! {
        #[tree(strategy = one_for_all, intensity = 3 in 5s)]
        pub struct Elixir() {
            #[pool(size = 4)]
            children: Counter(1),
            tuple: Counter(1),
            pair: Counter(1),
            arrow: Counter(1),
            counter: Counter(1),
            bare: Counter(1),
            borrowed: Counter(1),
            other: Counter(2),
            name: counter::Counter(1),
        }
    }

    noex::supervisor! {
        #[tree(intensity = 3 in 5s)]
        pub struct Nested() {
            web: { a: Counter(1) },
            api: { a: Counter(1) },
            log: { #![tree(strategy = one_for_all)] a: Counter(1) },
            a: { #![tree(intensity = 3 in 5s)] b: Counter(1) },
            #[tree(intensity = 10 in 60s)]
            b: { b: Counter(1) },
            #[tree(intensity = 5 in 30s)]
            c: { b: Counter(1) },
        }
    }

    noex::supervisor! {
        pub struct Attributes() {
            #[child(restart = transient)]
            a: Counter(1),
            #[child(shutdown = 5s)]
            b: Counter(1),
            #[dynamic(max = 10)]
            c: Counter,
            #[child(shutdown = brutal_kill)]
            d: Counter(1),
            #[dynamic]
            e: Counter,
            #[pool(size = 8)]
            f: Counter(1),
            #[pool(size = 2)]
            g: Counter(1),
            #[dynamic(max = 4)]
            h: Counter,
            #[child(backoff = 1s)]
            i: Counter(1),
            #[child(backoff = 100ms..30s)]
            j: Counter(1),
            #[child(shutdown = infinity)]
            k: Counter(1),
            #[child(name = "db")]
            l: Counter(1),
            #[child(name = "database")]
            m: Counter(1),
        }
    }
}

supervisor! {
    #[tree(strategy = dependents)]
    pub struct Children(fast: bool) {
        c: S(if *fast { 1 } else { 2 }),
        d: S(1),
        #[pool(size = 4)]
        e: S(1),
        #[pool(size = 4)]
        f: S(1),
        #[pool(size = 4)]
        g: S(1),
        j: S(1),
        k: S(1),
        l: S(1),
        m: Mode(Mode::Slow),
        n: Plain(Plain { n: 1 }),
        o: Ref<S> = S::child_spec(1),
        p: task(serve(80)),
        q: Ref<Server> = spec(),
        r: Ref<Server> = Server::child_spec(true),
    }
}

fn spec() -> noex::ChildSpec {
    Server::child_spec(true)
}

mod functions {
    use super::{Server, serve};
    use noex::prelude::*;

    async fn spec() {}

    fn serve_as_spec() -> noex::ChildSpec {
        Server::child_spec(true)
    }

    mod again {
        use super::{Server, serve_as_spec};
        use noex::prelude::*;

        fn serve(_port: u16) -> noex::ChildSpec {
            serve_as_spec()
        }

        supervisor! {
            pub struct Specs() {
                p: Ref<Server> = serve(80),
                n: Server(true),
            }
        }
    }

    supervisor! {
        pub struct Tasks() {
            q: task(spec()),
            a: task(serve(80)),
            b: task(serve(80)),
            c: task(async move { serve(80).await }),
            #[pool(size = 4)]
            j: Server(true),
        }
    }
}

supervisor! {
    pub struct Borrows(cfg: Config) {
        a: task({ let cfg = cfg.clone(); async move { serve(cfg.port).await } }),
    }
}

mod parameters {
    use super::{Config, S};

    mod port {
        use super::S;

        noex::supervisor! {
            struct Shop(port: u16) { a: S(u64::from(*port)) }
        }
    }

    noex::supervisor! {
        struct Shop(cfg: Config) { a: S(u64::from(cfg.port)) }
    }
}

supervisor! {
    pub struct Many() {
        #[dynamic]
        f: S,
        #[dynamic]
        g: S,
        #[dynamic]
        h: S,
        #[dynamic]
        i: noex::Task,
        #[pool(size = 8)]
        k: S(1),
        #[dynamic]
        l: S,
        #[dynamic]
        m: S,
        #[pool(size = 4)]
        n: S(1),
        #[pool(size = 3)]
        o: S(1),
    }
}

async fn starts(many: Many, tree: Children) {
    let _ = many.i().start_child(noex::Task::start(serve(80))).await;
    let _ = tree.start_child(S::child_spec(1).id("later")).await;
}

mod arguments {
    use super::servers::S;
    use noex::prelude::*;

    pub struct Needs(Ref<S>);

    #[gen_server]
    impl Needs {
        #[init]
        pub fn new(s: Ref<S>) -> Self {
            Needs(s)
        }
    }

    supervisor! {
        pub struct App() {
            a: S(1),
            b: S(1),
            c: Needs(b),
        }
    }
}

mod headers {
    use super::S;

    struct ShopConfig;

    noex::supervisor! {
        #[allow(unused_variables)]
        pub struct Shop(cfg: ShopConfig) { a: S(1) }
    }

    noex::supervisor! {
        struct Nameless(n: u64) { a: S(*n) }
    }
}

mod no_init {
    use noex::prelude::*;

    pub struct S;

    #[gen_server]
    impl S {}

    supervisor! {
        pub struct App() {
            c: S(S),
            d: S(S),
        }
    }
}

mod no_init_by_hand {
    use noex::prelude::*;

    #[derive(Clone)]
    pub struct S;

    #[gen_server]
    impl S {}

    // The spec takes the state as its argument: `S::child_spec(S)`.
    supervisor! {
        pub struct App() {
            d: Ref<S> = S::child_spec(S),
        }
    }
}
