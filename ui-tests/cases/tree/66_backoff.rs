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

supervisor! {
    pub struct App() {
        #[child(backoff = 100ms..30s)]
        a: S(1),
        #[child(backoff = 1s)]
        b: S(1),
        #[child(backoff = 0s)]
        c: S(1),
        #[child(backoff = 30s..100ms)]
        d: S(1),
        #[child(backoff = 1s..)]
        e: S(1),
        #[child(backoff = 1s, restart = temporary)]
        f: S(1),
        #[child(backoff = 5)]
        g: S(1),
        #[child(backoff)]
        h: S(1),
    }
}

fn main() {
    let _ = App::start();
}
