#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[init]
    fn new() -> Self {
        S
    }
}

fn main() {
    let _ = S.start();
}
