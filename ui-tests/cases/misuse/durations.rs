#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server(call_timeout = 5.s, init_timeout = 5 * s)]
impl S {}

supervisor! {
    #[tree(intensity = 3 in 5 s)]
    pub struct App() {
        a: S(S),
    }
}

fn main() {
    let _ = App::start();
}
