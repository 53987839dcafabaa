//! A tree is no code that runs.
#![allow(unused)]

use noex::prelude::*;

struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
}

enum Mode {
    Slow,
}

#[gen_server]
impl Mode {}

struct Plain {
    n: u64,
}

#[gen_server]
impl Plain {}

async fn serve(_: u16) {}

fn spec() -> noex::ChildSpec {
    S::child_spec(1)
}

#[derive(Clone)]
pub struct Config {
    port: u16,
}

supervisor! {
    pub struct Children(fast: bool) {
        for n in 0..4 { a: S(n) }
        if *fast { b: S(1) }
        c: if *fast { S(1) } else { S(2) },
        d: || S(1),
        e: vec![S(1), S(2)],
        f: [S(1); 4],
        g: S(1) * 4,
        h: S(1).await,
        i: S(1)?,
        j: S::start(1).await?,
        k: Box::new(S(1)),
        l: std::sync::Arc::new(S(1)),
        m: Mode::Slow,
        n: Plain { n: 1 },
        o: Ref<S> = S::start(1),
        p: serve(80),
        q: spec(),
        r: Ref<S>,
    }
}

supervisor! {
    pub struct Tasks(cfg: Config) {
        a: noex::task(serve(80)),
        b: task!(serve(80)),
        c: task { serve(80).await },
        d: task(|| serve(80)),
        e: task(async move || serve(80).await),
        f: task(serve, 80),
        g: task(tokio::spawn(serve(80))),
        h: task(async { serve(cfg.port).await }),
    }
}

supervisor! {
    pub struct Fields {
        port: u16,
        cfg: Config,
        a: S(u64::from(*port)),
    }
}

fn main() {}
