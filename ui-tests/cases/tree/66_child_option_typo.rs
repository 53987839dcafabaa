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
    #[tree(stratgy = one_for_one)]
    pub struct App() {
        #[child(shutdwn = 5s)]
        a: S(1),
        #[child(mailbox = 5)]
        b: S(1),
        #[tree(crate = ::noex)]
        c: {
            d: S(1),
        },
    }
}

fn main() {
    let _ = App::start();
}
