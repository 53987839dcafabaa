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
        #[child(shutdown = 0s)]
        a: S(1),
        #[child(shutdown = brutal_kil)]
        b: S(2),
        #[child(shutdown = 5)]
        c: S(3),
    }
}

fn main() {
    let _ = App::start();
}
