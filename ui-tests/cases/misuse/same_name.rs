#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    fn get(&self) -> u8 {
        1
    }
    #[call]
    fn get(&self) -> u8 {
        2
    }
}

fn main() {}
