#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    fn forever(&self) -> ! {
        loop {}
    }
    #[cast]
    fn also(&mut self) -> ! {
        loop {}
    }
}

fn main() {
    let _ = async { S.start().await.unwrap().forever().await.unwrap() };
}
