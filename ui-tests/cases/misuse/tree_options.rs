#![allow(unused)]
use noex::prelude::*;
struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
}

supervisor! {
    struct Parameter(strategy = one_for_all) { c: S(1) }
}

supervisor! {
    struct Behind() { c: S(1) restart = transient, d: S(2) }
}

supervisor! {
    #[derive(Clone)]
    struct Derived() { c: S(1) }
}

supervisor! {
    struct Borrowing<'a>(name: &'a str) { c: S(1) }
}

fn main() {}
