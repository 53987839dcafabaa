#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server(mailbx = 5)]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
    }
    #[call]
    fn a(&self, x: &str) -> &str {
        ""
    }
    #[cast]
    fn b(self) {}
    #[call(timeot = 1s)]
    fn c<T>(&self, (x, y): (i64, T)) -> i64 {
        x
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
        let _: String = s.a("").await.unwrap();
        s.b().unwrap();
        let _: i64 = s.c((1, 2)).await.unwrap();
    };
}
