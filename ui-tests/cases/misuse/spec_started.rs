//! Specs that are asked to start.

use noex::prelude::*;

struct Counter(u64);

#[gen_server]
impl Counter {
    #[init]
    fn new(n: u64) -> Self {
        Self(n)
    }
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

async fn child() -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    let counter = Counter::child_spec(1).start().await?;
    Ok(counter.get().await?)
}

async fn tree() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let spec = supervisor! { counter: Counter(1) };
    let tree = spec.start().await?;
    tree.stop().await?;
    Ok(())
}

fn main() {}
