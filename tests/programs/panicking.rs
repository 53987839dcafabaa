//! A program whose only server panics. `.ci/abort` builds it with `panic = "abort"`.

use noex::prelude::*;

struct Fragile;

#[gen_server]
impl Fragile {
    #[call]
    fn crash(&mut self) {
        panic!("as it was told to");
    }
}

#[noex::main]
async fn main() {
    let fragile = Fragile.start().await.expect("it starts");
    match fragile.crash().await {
        Err(error) => println!("survived: {error}"),
        Ok(()) => println!("no panic"),
    }
}
