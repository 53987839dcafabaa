#![allow(unused)]
use noex::prelude::*;
struct S {
    n: u64,
}

#[gen_server]
impl S {
    #[call]
    fn count(&self) -> u64 {
        self.n
    }
}

async fn uses(s: SRef) -> u64 {
    s.n + s.count
}

fn main() {}
