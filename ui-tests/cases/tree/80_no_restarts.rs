#![deny(deprecated)]

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
    #[tree(intensity = 0 in 5s)]
    pub struct App() {
        #[child(restart = permanent)]
        a: S(1),
    }
}

fn main() {
    let _ = App::start();
}
