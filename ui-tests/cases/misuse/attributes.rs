//! Attributes in the wrong place, or of other macros.
#![allow(unused)]
use noex::prelude::*;

struct S;

#[gen_server]
impl S {
    #[gen_server::call]
    fn by_path(&self) -> u8 {
        1
    }
    #[gen_server(cast)]
    fn as_option(&mut self) {}
    #[message]
    fn of_another(&self, n: u8) -> u8 {
        n
    }
    #[call]
    #[test]
    fn tests(&self) -> u8 {
        1
    }
    #[call]
    #[tokio::test]
    async fn waits(&self) -> u8 {
        1
    }
}

struct T;

#[gen_server]
#[async_trait::async_trait]
impl T {
    #[call]
    async fn get(&self) -> u8 {
        1
    }
}

struct Signals;

#[gen_server]
impl Signals {
    #[down]
    fn a(&mut self, down: Down) {}
    #[exit]
    fn b(&mut self, exit: Exit) {}
    #[idle]
    fn c(&mut self) {}
    #[deferred]
    fn d(&mut self, reply: Reply<u8>) {}
    #[post_stop]
    fn e(&mut self) {}
}

async fn uses(s: SRef, t: TRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    s.as_option()?;
    let _: u8 = s.by_path().await? + s.of_another(1).await? + s.tests().await?;
    let _: u8 = s.waits().await? + t.get().await?;
    Ok(())
}

fn main() {}
