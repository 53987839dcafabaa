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
        a: S(),
        b: S("x"),
        c: S(n),
        d: S(1, 2),
        e: S(*n),
        f: S(e),
    }
}

fn main() {
    let _ = App::start(1);
}
