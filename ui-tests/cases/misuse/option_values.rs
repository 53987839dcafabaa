#![allow(unused)]
use noex::prelude::*;

struct S;

#[gen_server(mailbox = "big", call_timeout = infinity, init_timeout = 0s, crate = "noex")]
impl S {
    #[call(timeout = 5.seconds())]
    fn a(&self) -> u8 {
        1
    }
    #[call(timeout = Some(5s))]
    fn b(&self) -> u8 {
        1
    }
    #[call(timeout = None)]
    fn c(&self) -> u8 {
        1
    }
}

struct T;

#[gen_server(mailbox = 5k)]
impl T {}

fn main() {}
