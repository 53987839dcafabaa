#![allow(unused)]
use noex::prelude::*;

struct S;

#[gen_server(api = Api)]
impl S {
    #[call]
    fn get(&self) -> u8 {
        1
    }
}

async fn uses(api: &dyn Api) -> Result<u8, CallError> {
    api.get().await
}

fn main() {}
