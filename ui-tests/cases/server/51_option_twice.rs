#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server(mailbox = 5, mailbox = 6)]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
    }
    #[call(timeout = 1s, timeout = 2s)]
    fn a(&self) {}
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
