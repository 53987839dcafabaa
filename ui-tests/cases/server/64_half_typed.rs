#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server]
impl S {
    #[call]
    fn half(&self, x: ) -> i64 {
        self.n
    }
    #[call]
    fn good(&self) -> i64 {
        self.n
    }
}

fn main() {
    let _ = async {
        let s = S { n: 1 }.start().await.unwrap();
        let _: i64 = s.good().await.unwrap();
    };
}
