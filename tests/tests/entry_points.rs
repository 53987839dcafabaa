//! `#[noex::test]` and `#[noex::main]`.

use noex::prelude::*;
use std::time::Duration;

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

#[noex::test]
async fn a_test_has_a_system_of_its_own() -> Result<(), Box<dyn std::error::Error>> {
    assert_ne!(System::current(), System::default());
    let c = Counter::start_as("entry", 1).await?;
    let same = tokio::spawn(async { Counter::named("entry").get().await }).await?;
    assert_eq!(same?, 1);
    assert_eq!(System::current().processes().len(), 1);
    c.stop().await?;
    Ok(())
}

#[noex::test(paused)]
async fn time_stands_still_when_asked() {
    let before = std::time::Instant::now();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert!(before.elapsed() < Duration::from_secs(60));
    Counter::start(1).await.unwrap();
    System::current().stop().await;
}

#[noex::test]
#[should_panic(expected = "the test left processes behind: Counter \"forgotten\"")]
async fn what_is_left_behind_fails_the_test() {
    Counter::start_as("forgotten", 1).await.unwrap();
}

#[noex::main(workers = 2)]
async fn program() -> u64 {
    let c = Counter::start(7).await.unwrap();
    c.get().await.unwrap()
}

#[test]
fn a_program_runs_to_its_end() {
    assert_eq!(program(), 7);
}
