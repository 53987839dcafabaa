#![allow(unused)]

use noex::prelude::*;

struct S(u64);

#[gen_server(mailbox = 16; restart = transient)]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
    #[call(timeout = 5s always)]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! {
    #[tree(strategy = one_for_all; intensity = 3 in 5s)]
    pub struct App() {
        #[child(restart = transient shutdown = 5s)]
        a: S(1),
        #[pool(4)]
        b: S(1),
        #[dynamic(10)]
        c: S,
        #[child(transient)]
        d: S(1),
        #[child = brutal_kill]
        e: S(1),
        #[dynamic = 10]
        f: S,
        #[tree(one_for_all, intensity(3, 5s))]
        g: {
            a: S(1),
        },
    }
}

fn main() {
    let _ = App::start();
}
