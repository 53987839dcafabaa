#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    fn new() -> Result<Self, String> {
        Ok(S)
    }
    #[call]
    fn good(&self) -> u8 {
        1
    }
}

fn main() {}
