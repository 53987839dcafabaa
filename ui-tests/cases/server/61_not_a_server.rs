use noex::prelude::*;

pub struct S {
    n: i64,
}

fn call(s: &Process<S>) {
}

fn main() {}
