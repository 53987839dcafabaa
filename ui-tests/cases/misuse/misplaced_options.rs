#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server(strategy = one_for_all)]
impl S {
    #[cast(timeout = 5s)]
    fn set(&mut self) {}
    #[call(raw)]
    fn get(&self) -> u8 {
        1
    }
}

supervisor! {
    #[tree(max_restarts = 3)]
    pub struct App() {
        #[dynamic(max = 3, shutdown = 5s)]
        a: S,
        #[child(strategy = one_for_one)]
        b: S(S),
    }
}

fn main() {
    let _ = async { S.start().await.unwrap().set().unwrap() };
}
