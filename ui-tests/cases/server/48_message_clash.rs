#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

pub enum SMessage {}

#[gen_server]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
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
