#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server(call_timeout = 0ms, idle = 0s)]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
    }
    #[call(timeout = 0s)]
    fn a(&self) {}
    #[info(idle)]
    fn idle(&mut self) {}
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
