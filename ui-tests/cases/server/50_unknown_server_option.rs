#![allow(unused)]
use noex::prelude::*;

pub struct S {
    n: i64,
}

#[gen_server(message = Sth, log_calls)]
pub struct Other;

#[gen_server]
impl Other {}

#[gen_server(mailbx = 5, idel = 30s, print_it)]
impl S {
    #[init]
    fn new() -> Self {
        S { n: 0 }
    }

    #[call]
    fn good(&self) -> i64 {
        self.n
    }
}

fn main() {
    let _ = async {
        let s = S::start().await.unwrap();
        let _: i64 = s.good().await.unwrap();
    };
}
