use noex::prelude::*;
use std::rc::Rc;

pub struct S(u64);

#[gen_server]
impl S {
    #[init]
    pub fn new(n: u64) -> Self {
        Self(n)
    }
}

supervisor! {
    pub struct Generic<T>(value: T) {
        a: S(1),
    }
}

supervisor! {
    pub struct Parameters(text: &str, any: impl Clone, untyped, n: u64, n: u64) {
        a: S(*n),
    }
}

supervisor! {
    pub struct NoBody
}

supervisor! {
    pub struct
}

supervisor! {
    pub struct Two() {
        a: S(1),
    }
    pub struct Trees() {
        a: S(1),
    }
}

supervisor! {
    pub struct Shared(n: Rc<u64>) {
        a: S(**n),
        b: S(**n),
    }
}

fn main() {}
