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
    #[handle_continue]
    fn f(&mut self) {}
    #[continue_]
    fn g(&mut self) {}
    #[message]
    fn h(&mut self) {}
    #[started]
    fn i(&mut self) {}
    #[cal]
    fn j(&mut self) {}
    #[call = 5]
    fn k(&mut self) {}
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
