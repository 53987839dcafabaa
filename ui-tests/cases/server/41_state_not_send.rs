use noex::prelude::*;
use std::rc::Rc;

pub struct R {
    r: Rc<i64>,
}

#[gen_server]
impl R {
    #[init]
    fn new() -> Self {
        R { r: 1.into() }
    }
    #[call]
    fn get(&self) -> i64 {
        *self.r
    }
    #[call]
    async fn wait(&mut self) -> i64 {
        *self.r
    }
    #[cast]
    fn reset(&mut self) {
        self.r = 0.into();
    }
}

fn main() {}
