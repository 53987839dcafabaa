use noex::prelude::*;
use noex::{Duplicate, KeyRegistry};

struct Counter(u64);

#[gen_server]
impl Counter {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

async fn start(topics: KeyRegistry<&'static str, (), Duplicate>) {
    let _ = Counter(0).start().via(&topics, "news", ()).await;
    let _ = topics.via::<Counter>("news");
}

fn main() {}
