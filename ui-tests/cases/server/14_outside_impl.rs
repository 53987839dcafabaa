use noex::attr::{call, info};
use noex::prelude::*;

pub struct S {
    n: i64,
}

impl S {
    #[call]
    pub fn get(&self) -> i64 {
        self.n
    }
    #[info]
    fn tick(&mut self, n: i64) {
        self.n = n;
    }
}

// Inside they are inert, imported or not.
pub struct Good;

#[gen_server]
impl Good {
    #[call]
    fn a(&self) {}
    #[noex::attr::call]
    fn b(&self) {}
}

fn main() {}
