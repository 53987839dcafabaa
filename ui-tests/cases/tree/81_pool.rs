use noex::prelude::*;

pub struct S(u64);

#[gen_server]
impl S {
    #[init]
    pub fn new(n: u64) -> Self {
        Self(n)
    }
    #[call]
    pub fn get(&self) -> u64 {
        self.0
    }
}

pub struct Config {
    workers: usize,
}

supervisor! {
    pub struct App(cfg: Config) {
        #[pool(size = 0)]
        a: S(1),
        #[pool]
        b: S(1),
        #[pool(size = 4, route = least_bussy)]
        c: S(1),
        #[pool(siez = 4)]
        d: S(1),
        #[pool(size = 4)]
        e: task(std::future::ready(())),
        #[pool(size = 4)]
        f: {
            inner: S(1),
        },
        #[pool(size = 4)]
        #[dynamic]
        g: S,
        #[pool(size = 4)]
        h: S,
        #[pool(size = cfg.workers, route = by_key)]
        i: S(k),
        #[pool(size = cfg.workers)]
        j: S(2),
        #[pool(size = 4)]
        k: S("three"),
    }
}

pub struct NoServer;

supervisor! {
    pub struct Wrong() {
        #[pool(size = 4)]
        a: NoServer(1),
        #[pool(size = 4, route = by_key)]
        b: NoServer(1),
    }
}

fn main() {
    let _ = Wrong::start();
    let _ = App::start(Config { workers: 3 });
    let _ = async {
        let app = App::start(Config { workers: 3 }).await.unwrap();
        let _: u64 = app.j().get().await.unwrap();
        let _: u64 = app.i().get(&7).get().await.unwrap();
        (app.a(), app.b(), app.c(), app.d(), app.g(), app.h())
    };
}
