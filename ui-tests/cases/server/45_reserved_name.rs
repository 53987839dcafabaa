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
    #[call]
    fn start(&self) -> i64 {
        self.n
    }
    fn child_spec(&self) {}
    #[call(name = start_link)]
    fn fine(&self) {}
    #[call]
    fn good(&self) -> i64 {
        self.n
    }
}

fn main() {}
