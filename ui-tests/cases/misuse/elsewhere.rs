//! As other libraries write it.
#![allow(unused)]
use noex::prelude::*;
struct S(u64);

#[gen_server]
impl S {
    #[init(timeout = 5s)]
    fn new(n: u64) -> Self {
        S(n)
    }
    #[call]
    async fn actix(&mut self, by: u64, cx: &mut Context<Self>) -> u64 {
        by
    }
    #[call]
    fn ractor(&self, by: u64, state: &mut S) -> u64 {
        state.0
    }
    #[timer(5s)]
    fn tick(&mut self, tick: Tick) {}
}

struct Tick;

struct T;

#[gen_server]
impl T {
    fn handle_call(&mut self, message: Tick) -> u64 {
        1
    }
    fn handle_cast(&mut self, message: Tick) {}
}

#[gen_server]
trait Counter {
    #[call]
    fn get(&self) -> u64;
}

fn main() {
    let _ = S::start(1);
}
