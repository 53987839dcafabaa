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
    fn f(&mut self, x: std::borrow::Cow<'_, str>) {}
    #[cast]
    fn g(&mut self, x: std::borrow::Cow<'static, str>) {}
    #[call]
    fn good(&self) -> i64 {
        self.n
    }
}

fn main() {
    let _ = async {
        let s = S::start().await.unwrap();
        let _: i64 = s.good().await.unwrap();
        s.g("".into()).unwrap();
    };
}
