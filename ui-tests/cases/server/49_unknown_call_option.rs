#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
    }
    #[call(timeuot = 1s)]
    fn a(&self) {}
    #[call(blue)]
    fn b(&self) {}
    #[cast(timeout = 1s)]
    fn c(&self) {}
    #[terminate(timeout = 1s)]
    fn d(&mut self) {}
    #[call]
    fn good(&self) -> i64 {
        self.n
    }
}

fn main() {
    let _ = async {
        let s = S::start().await.unwrap();
        let _: i64 = s.good().await.unwrap();
        s.a().await.unwrap();
    };
}
