//! What the runtime tells, taken as messages or as something else.
#![allow(unused)]
use noex::prelude::*;

struct S;

#[gen_server]
impl S {
    #[info]
    fn gone(&mut self, down: Down) {}
    #[info]
    fn left(&mut self, exit: noex::Exit) {}
}

struct Mixed;

#[gen_server]
impl Mixed {
    #[info(down)]
    fn gone(&mut self, exit: Exit) {}
    #[info(exit)]
    fn left(&mut self, reason: ExitReason) {}
    #[terminate]
    fn bye(&mut self, why: &str) {}
}

/// A message that is only called like that.
mod own {
    use noex::prelude::Process;

    struct Down;

    struct S;

    #[noex::gen_server]
    impl S {
        #[info]
        fn down(&mut self, down: Down) {}
    }
}

fn main() {}
