#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server(
    name = visits,
    mailbox = infinite,
    restart = "permanent",
    shutdown = kill,
    message = "Told",
    api = m::Api,
)]
impl S {
    #[call(name = "x")]
    fn get(&self) -> u8 {
        1
    }
}

struct O;

#[gen_server(restart = never, overflow = DropOldest)]
impl O {}

supervisor! {
    #[tree(strategy = "one_for_all")]
    pub struct App() {
        #[child(restart = always)]
        a: { #![tree(strategy = OneForOne)] b: O(O) },
    }
}

fn main() {}
