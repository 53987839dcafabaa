#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    fn f(&self) -> impl Future<Output = u8> + Send + 'static {
        async { 1 }
    }
}

fn main() {
    let _ = async { S.start().await.unwrap().f().await.unwrap() };
}
