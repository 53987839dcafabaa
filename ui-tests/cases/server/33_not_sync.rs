use noex::prelude::*;
use std::cell::Cell;

pub struct S {
    n: Cell<i64>,
}

#[gen_server]
impl S {
    #[init]
    fn new() -> Self {
        S { n: Cell::new(0) }
    }
    #[call]
    async fn f(&self) -> i64 {
        tokio::task::yield_now().await;
        self.n.get()
    }
}

fn main() {}
