#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server]
impl S {
    #[info]
    fn tick(&mut self, n: i64) {
        self.n = n;
    }
    #[info]
    fn tock(&mut self, n: u64) {}
}

fn main() {
    let _ = async {
        let s = S { n: 1 }.start().await.unwrap();
        s.send(1i64).unwrap();
        s.send("text").unwrap();
    };
}
