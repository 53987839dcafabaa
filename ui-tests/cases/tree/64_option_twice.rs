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
    #[tree(strategy = one_for_all, strategy = one_for_one)]
    pub struct App() {
        #[child(shutdown = 1s)]
        #[child(shutdown = 2s)]
        a: S(1),
    }
}

fn main() {
    let _ = App::start();
}
