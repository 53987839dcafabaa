#![allow(unused)]
use noex::prelude::*;
struct Broken;

struct S;

#[gen_server]
impl S {
    #[init]
    fn new() -> Result<Self, Broken> {
        Err(Broken)
    }
    #[cast]
    fn fails(&mut self) -> Result<(), Broken> {
        Err(Broken)
    }
    #[call]
    fn crashes(&self) -> u8 {
        Err(Broken).or_crash()
    }
}

fn main() {}
