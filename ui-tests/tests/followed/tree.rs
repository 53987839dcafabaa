//! `cases/tree`

use noex::prelude::*;

#[derive(Clone)]
pub struct ShopConfig {
    workers: usize,
}

pub trait Trait {}

type Type = u8;

pub struct S(u64);

#[gen_server]
impl S {
    #[init]
    async fn new() -> Self {
        Self(1)
    }
    #[call]
    fn me(&self, cx: &mut Ctx<Self>) -> SRef {
        cx.myself()
    }
}

pub struct Server;

#[gen_server]
impl Server {
    #[init]
    fn new() -> Self {
        Self
    }
}

pub struct Needs(SRef);

#[gen_server]
impl Needs {
    #[init]
    fn new(db: SRef) -> Self {
        Self(db)
    }
    #[call]
    fn is_there(&self) -> bool {
        self.0.is_alive()
    }
}

async fn serve(_port: u16) {}

supervisor! {
    #[tree(strategy = one_for_all, intensity = 3 in 5s, auto_shutdown = any_significant)]
    pub struct Shop(cfg: ShopConfig) {
        db: S(),
        /// It starts after `db`.
        cache: Needs(db),
        #[child(restart = permanent, shutdown = brutal_kill)]
        a: Server(),
        #[child(restart = transient, significant, backoff = 1s)]
        b: S(),
        #[child(restart = temporary, shutdown = 5s)]
        c: S(),
        #[child(backoff = 100ms..30s)]
        d: Server(),
        #[child(shutdown = infinity)]
        e: Server(),
        f: Ref<Server> = Server::child_spec(),
        g: Ref<Server> = Server::child_spec(),
        h: Ref<Server> = Server::child_spec(),
        i: Server(),
        name: S(),
        r#type: Server(),
        #[child(shutdown = 6s)]
        http: task(serve(80)),
    }
}

supervisor! {
    #[tree(strategy = dependents, auto_shutdown = all_significant)]
    pub struct Other(
        cfg: ShopConfig,
        text: &'static str,
        own: String,
        name: Type,
        boxed: std::sync::Arc<dyn Trait + Send + Sync>,
    ) {
        #[pool(size = 4)]
        #[child(shutdown = 5ms)]
        e: Server(),
        #[pool(size = 4, route = least_busy)]
        k: Server(),
        #[pool(size = cfg.workers)]
        f: Server(),
        #[child(restart = transient, significant, shutdown = 500ms)]
        h: S(),
        #[dynamic(max = 10, restart = temporary)]
        a: S,
        d: { #![tree(strategy = one_for_one)] last: S(), i: Needs(last) },
    }
}

mod dynamic {
    use super::{S, Server};

    noex::supervisor! {
        pub struct D() {
            #[dynamic]
            a: S,
            #[dynamic]
            d: Server,
            #[dynamic]
            e: Server,
        }
    }

    async fn starts(tree: D) -> bool {
        tree.a().start_child(S::start()).await.is_ok()
    }
}

mod legacy {
    use super::S;
    use noex::prelude::*;

    pub struct Server(SRef);

    use super::SRef;

    #[gen_server]
    impl Server {
        #[init]
        fn new(db: SRef) -> Self {
            Self(db)
        }
        #[call]
        fn is_there(&self) -> bool {
            self.0.is_alive()
        }
    }

    supervisor! {
        pub struct Legacy() {
            db: S(),
            legacy: Server(db),
        }
    }
}

mod header {
    use super::{S, ShopConfig};

    noex::supervisor! {
        pub struct Shop(cfg: ShopConfig) {
            #[pool(size = cfg.workers)]
            name: S(),
        }
    }
}

#[cfg(unix)]
supervisor! {
    pub struct Conditional() { a: S() }
}

#[cfg(not(unix))]
supervisor! {
    pub struct Conditional() { name: Server() }
}

mod without_init {
    use noex::prelude::*;

    pub struct S(u64);

    #[gen_server(mailbox = 5)]
    impl S {}

    supervisor! {
        pub struct App() {
            c: S(S { 0: 1 }),
        }
    }
}

mod named_for_its_server {
    use noex::prelude::*;

    pub struct S(u64);

    #[gen_server]
    impl S {
        #[init]
        pub fn new(n: u64) -> Self {
            S(n)
        }
    }

    supervisor! {
        pub struct App() {
            s: S(1),
        }
    }
}
