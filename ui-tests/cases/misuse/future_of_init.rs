#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[init]
    fn new() -> impl Future<Output = Self> {
        async { S }
    }
}

fn main() {
    let _ = async { S::start().await.unwrap() };
}
