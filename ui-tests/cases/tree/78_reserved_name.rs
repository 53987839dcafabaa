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
    pub struct App(n: u64) {
        start: S(1),
        tree: S(2),
        __own: S(3),
        n: S(4),
        web_api: { a: S(5) },
        web: { api: { b: S(6) } },
    }
}

fn main() {
    let _ = App::start(1);
}
