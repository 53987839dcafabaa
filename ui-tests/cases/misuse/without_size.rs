#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    fn find(&self, name: str) -> u64 {
        1
    }
    #[cast]
    fn put(&mut self, bytes: [u8]) {}
    #[cast]
    fn run(&mut self, job: dyn FnOnce() + 'static) {}
    #[call]
    fn name(&self) -> str {
        *"name"
    }
    #[call]
    fn good(&self) -> u8 {
        1
    }
}

async fn uses(s: SRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    s.find("a".to_owned()).await?;
    s.put(vec![1])?;
    s.good().await?;
    Ok(())
}

fn main() {}
