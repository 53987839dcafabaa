#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    const N: u8 = 1;
    #[call]
    fn good(&self) -> u8 {
        Self::N
    }
}

fn main() {
    let _ = async { S.start().await.unwrap().good().await.unwrap() };
}
