#![allow(unused)]
use noex::prelude::*;

struct S;

#[gen_server]
impl S {
    #[call]
    fn get(&self) -> u8 {
        1
    }
    #[cast]
}

fn main() {
    let _ = async { S.start().await.unwrap().get().await.unwrap() };
}
