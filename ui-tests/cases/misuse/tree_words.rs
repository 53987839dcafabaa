#![allow(unused)]

use noex::prelude::*;

struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
}

supervisor! {
    pub struct App(label: &'static str) {
        #[child(id = "database")]
        a: S(1),
        #[child(depends_on = a)]
        b: S(1),
        #[child(mailbox = 5, idle = 30s)]
        c: S(1),
        #[child(name = db)]
        d: S(1),
        #[child(name = label)]
        e: S(1),
        #[child(shutdown = :brutal_kill)]
        f: S(1),
        #[child(shutdown = Shutdown::Infinity)]
        g: S(1),
        #[child(restart = :transient)]
        h: S(1),
    }
}

fn main() {
    let _ = App::start("here");
}
