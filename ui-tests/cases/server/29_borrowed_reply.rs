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
    #[call]
    fn a(&self) -> &i64 {
        &self.n
    }
    #[call]
    fn b(&self) -> &str {
        ""
    }
    #[call]
    fn c(&self) -> Option<&i64> {
        None
    }
    #[call(spawn)]
    fn d(&self) -> impl Future<Output = &'static str> + Send + 'static {
        async { "" }
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
        let _: i64 = s.a().await.unwrap();
        let _: String = s.b().await.unwrap();
    };
}
