#![allow(unused)]
use noex::prelude::*;

struct S;

#[gen_server]
impl S {
    #[init]
    fn new((a, b): (u8, u8), _: u8) -> Self {
        S
    }
    #[call]
    fn unnamed(&self, _: u8, &by: &u8) -> u8 {
        by
    }
}

fn main() {
    let _ = async { S::start((1, 2), 3).await.unwrap() };
}
