#![allow(unused)]
use noex::prelude::*;
mod counters {
    use noex::prelude::*;

    pub struct Counter;

    #[gen_server]
    impl Counter {
        #[call]
        fn hidden(&self) -> u8 {
            1
        }
        #[call]
        pub fn add(&mut self, by: u64) -> u64 {
            by
        }
    }
}

use counters::{Counter, CounterRef};

async fn uses(counter: CounterRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    counter.hidden().await?;
    counter.add("1").await?;
    counter.sub(1).await?;
    counter.add(1)?;
    Ok(())
}

fn main() {}
