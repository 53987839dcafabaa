#![allow(unused)]
use noex::prelude::*;
struct S(Vec<u8>);

#[gen_server]
impl S {
    #[call(spawn)]
    fn sum(&self) -> impl Future<Output = usize> {
        let bytes = self.0.clone();
        async move { bytes.len() }
    }
}

fn main() {
    let _ = async { S(vec![]).start().await.unwrap().sum().await.unwrap() };
}
