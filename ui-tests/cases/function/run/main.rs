#![deny(warnings, missing_docs)]
//! A program.

use noex::prelude::*;

/// Answers.
struct Answer;

#[gen_server]
impl Answer {
    #[call]
    fn answer(&self) -> u8 {
        42
    }
}

/// Asks.
#[noex::main(workers = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(Answer.start().await?.answer().await?, 42);
    Ok(())
}
