//! Types that nobody imported are one error each, wherever they stand.
#![allow(unused)]
use noex::prelude::*;

struct S;

#[gen_server(api = Api)]
impl S {
    #[init]
    fn new(of: Option<InInit>) -> Self {
        S
    }
    #[call]
    pub fn a(&self, n: Argument) -> Answer {
        loop {}
    }
    #[call]
    pub fn b(&self, n: Vec<InArgument>) -> Result<InAnswer, InError> {
        loop {}
    }
    #[info]
    fn c(&mut self, n: Option<InInfo>) {}
}

fn main() {}
