#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server(mailbox: 5, call_timeout(30s))]
impl S {
    #[call(timeout: 5s)]
    fn get(&self) -> u8 {
        1
    }
}

struct Half;

#[gen_server(mailbox = 5 + , call_timeout = LIMIT *)]
impl Half {}

fn main() {}
