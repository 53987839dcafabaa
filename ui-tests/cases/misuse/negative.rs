#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server(mailbox = -1)]
impl S {}

supervisor! {
    #[tree(intensity = -3 in 5s)]
    pub struct App() {
        #[pool(size = -4)]
        a: S(S),
        #[dynamic(max = -5)]
        b: S,
    }
}

fn main() {
    let _ = App::start();
}
