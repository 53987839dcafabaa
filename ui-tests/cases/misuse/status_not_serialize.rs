#![allow(unused)]
use noex::prelude::*;
struct Shown;

struct S;

#[gen_server]
impl S {
    #[status]
    fn show(&self) -> Shown {
        Shown
    }
}

fn main() {}
