#![allow(unused)]
use noex::prelude::*;
struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
    #[cast]
    fn set(&mut self, n: u64) {
        self.0 = n;
    }
}

async fn start() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let s = S::start(1)?;
    Ok(())
}

async fn call(s: SRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let n: u64 = s.get()?;
    s.set(n).await?;
    Ok(())
}

fn main() {}
