#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    fn twins(&self, by: u64, by: u64) -> u64 {
        by
    }
}

struct Borrows<'a>(&'a str);

#[gen_server]
impl Borrows<'_> {
    #[call]
    fn get(&self) -> u64 {
        1
    }
}

fn main() {}
