use noex::prelude::*;

pub struct S;

pub trait Count {
    fn count(&self) -> usize;
}

#[gen_server]
impl Count for S {
    #[call]
    fn count(&self) -> usize {
        0
    }
}

#[gen_server]
impl (S, S) {}

fn main() {}
