#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call(deferred)]
    fn lent(&self, reply: &Reply<u8>) {}
    #[call(deferred)]
    fn maybe(&self, reply: Option<Reply<u8>>) {}
}

fn main() {
    let _ = async {
        let s = S.start().await.unwrap();
        let _: (u8, u8) = (s.lent().await.unwrap(), s.maybe().await.unwrap());
    };
}
