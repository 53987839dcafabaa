#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {}

supervisor! {
    pub struct App() {
        pub a: S(S),
        "b": S(S),
        c: S::start(S),
        d: S::child_spec(S),
        strategy: one_for_one,
    }
}

fn main() {
    let app = App::start();
}
