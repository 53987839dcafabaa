//! Messages for a server that takes none.
#![allow(unused)]
use noex::prelude::*;
use std::time::Duration;

struct Tick;

struct S;

#[gen_server]
impl S {
    #[cast]
    fn later(&mut self, cx: &mut Ctx<Self>) {
        cx.send_after(Duration::from_secs(1), Tick);
    }
}

async fn sends(s: SRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    s.send(Tick)?;
    Ok(())
}

fn main() {}
