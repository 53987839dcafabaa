//! One mistake each, although rustc would find more.
#![allow(unused_variables, dead_code)]
use noex::prelude::*;

struct S(String);

#[gen_server]
impl S {
    #[call]
    fn by_value(mut self) -> u8 {
        1
    }
    #[call]
    const fn constant(&self) -> String {
        self.0.clone()
    }
    #[call]
    const async fn both(&self) -> u8 {
        1
    }
}

fn main() {}
