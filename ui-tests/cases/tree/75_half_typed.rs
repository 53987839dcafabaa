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
    pub n: u64,
}

supervisor! {
    pub struct App(cfg: Config) {
        a: S(cfg.),
        b: S(cfg.n)
        c: S(3),
        d:
        e: S(if),
        f: task(),
        g: Ref<S> = S::,
        h: S(cfg.n), i
    }
}

fn main() {
    let _ = async {
        let app = App::start(Config { n: 1 }).await.unwrap();
        app.a().get().await.unwrap() + app.c().get().await.unwrap()
    };
}
