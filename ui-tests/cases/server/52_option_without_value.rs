#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server(mailbox)]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
    }
    #[call(timeout)]
    fn a(&self) {}
    #[call(timeout =)]
    fn b(&self) {}
    #[call(deferred = true)]
    fn c(&self, reply: Reply<()>) {}
    #[call(5)]
    fn d(&self) {}
    #[call(timeout 5s)]
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
