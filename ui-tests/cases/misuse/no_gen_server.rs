#![allow(unused)]
use noex::prelude::*;
struct S(u64);

impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
    #[call(timeout = 5s)]
    async fn get(&self) -> u64 {
        self.0
    }
    #[cast]
    fn set(&mut self, n: u64) {
        self.0 = n;
    }
}

struct T(u64);

macro_rules! getter {
    ($name:ident) => {
        #[call]
        fn $name(&self) -> u64 {
            self.0
        }
    };
}

#[gen_server]
impl T {
    getter!(get);
}

fn main() {
    let _ = S::new(1).get();
}
