#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[info(down)]
    fn gone(&mut self, down: &Down) {}
    #[terminate]
    fn bye(&mut self, why: ExitReason) {}
}

struct Wrong;

#[gen_server]
impl Wrong {
    #[info(down)]
    fn gone(&mut self, pid: u64) {}
}

fn main() {}
