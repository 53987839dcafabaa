#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server]
impl S {
    #[status]
    async fn show(&mut self, cx: &Ctx<Self>) {}
}

pub struct T;

#[gen_server]
impl T {
    #[status]
    fn show(self, n: i64) -> i64 {
        0
    }
}

fn main() {}
