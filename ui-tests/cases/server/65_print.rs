#![deny(deprecated)]
use noex::prelude::*;

pub struct S;

#[gen_server(print)]
impl S {
    #[cast]
    fn f(&self) {}
}

fn main() {}
