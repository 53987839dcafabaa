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
    #[info]
    fn a(&mut self) {}
    #[info]
    fn b(&mut self, x: i64, y: i64) {}
    #[info(down)]
    fn c(&mut self) {}
    #[info(exit)]
    fn d(&mut self, exit: Exit, more: i64) {}
    #[info(idle)]
    fn e(&mut self, n: i64) {}
    #[terminate]
    fn f(&mut self, why: &ExitReason, n: i64) {}
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
