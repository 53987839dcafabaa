#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server(idle = 5minutes)]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
    }
    #[call(timeout = 5sec)]
    fn a(&self) {}
    #[call(timeout = 5parsec)]
    fn b(&self) {}
    #[call(timeout = "5s")]
    fn c(&self) {}
    #[call(timeout = -5s)]
    fn d(&self) {}
    #[call(timeout = 999999999999999999d)]
    fn e(&self) {}
    #[call]
    fn good(&self) -> i64 {
        self.n
    }
}

fn main() {
    let _ = async {
        let s = S::start().await.unwrap();
        let _: i64 = s.good().await.unwrap();
    };
}
