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
    #[cast]
    fn a(&mut self, x: &str) {}
    #[call]
    fn b(&self, x: &[u8]) {}
    #[call]
    fn c(&self, x: &std::path::Path) {}
    #[info]
    fn d(&mut self, x: &i64) {}
    #[call]
    fn e(&self, x: Option<&str>) {}
    #[continuation]
    fn f(&mut self, x: &dyn Send) {}
    #[call]
    fn fine(&self, x: &'static str) {}
    #[call]
    fn good(&self) -> i64 {
        self.n
    }
}

fn main() {
    let _ = async {
        let s = S::start().await.unwrap();
        let _: i64 = s.good().await.unwrap();
        s.a("").unwrap();
        s.b(&[]).await.unwrap();
    };
}
