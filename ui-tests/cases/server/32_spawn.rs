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
    #[call(spawn)]
    async fn a(&self) -> i64 {
        1
    }
    #[call(spawn)]
    fn b(&self) -> i64 {
        1
    }
    #[call(spawn)]
    fn c(&self) {}
    #[call(spawn, deferred)]
    fn d(&self) -> impl Future<Output = i64> + Send + 'static {
        async { 1 }
    }
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
