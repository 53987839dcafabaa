//! A dynamic supervisor with very many children. In a program of its own, because it looks at the memory of the whole.

use noex::prelude::*;
use noex::supervisor::{DynamicSpec, DynamicSupervisor};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What Linux says about the memory of this program, in bytes; 0 elsewhere.
fn memory(what: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes.map_or(0, |number| number.parse::<usize>().unwrap_or(0) * 1024)
}

struct Sleeper;

#[gen_server]
impl Sleeper {
    #[init]
    fn new() -> Self {
        Self
    }

    #[terminate]
    async fn bye(&mut self, _why: &ExitReason) {
        sleep(Duration::from_millis(100)).await;
    }
}

#[noex::test(paused)]
async fn dy_09_stopping_many_is_concurrent_and_flat() -> Result<(), Box<dyn std::error::Error>> {
    const CHILDREN: usize = 100_000;
    let without = memory("VmRSS");
    let supervisor = DynamicSupervisor::start(DynamicSpec::new("many")).await?;
    for _ in 0..CHILDREN {
        supervisor.start_child(Sleeper::child_spec()).await?;
    }
    assert_eq!(supervisor.count_children().await?.active, CHILDREN);
    let before = memory("VmRSS");
    let begun = Instant::now();
    assert!(supervisor.stop().await?.is_clean());
    assert_eq!(begun.elapsed().as_millis() / 5, 100 / 5);
    let each = (before - without) / CHILDREN;
    let more = memory("VmHWM").saturating_sub(before) / CHILDREN;
    println!("{each} bytes a child, {more} more while all are stopped");
    assert!(more <= each, "{more} bytes more for each child of {each}");
    Ok(())
}
