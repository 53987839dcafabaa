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

supervisor! {
    a: S(),
    b: S(),
}

fn main() {}
