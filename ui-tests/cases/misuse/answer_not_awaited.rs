#![allow(unused)]
use noex::prelude::*;

struct S(u64);

#[gen_server]
impl S {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

async fn unwraps(s: SRef) -> u64 {
    s.get().unwrap() + 1
}

async fn expects(s: SRef) -> u64 {
    s.get().expect("an answer")
}

async fn starts() -> u64 {
    let s: SRef = S(1).start().unwrap();
    s.get().await.unwrap()
}

async fn compares(s: SRef) -> bool {
    s.get() > 3 || s.get() == 4
}

async fn shows(s: SRef) -> String {
    format!("{}", s.get())
}

fn main() {}
