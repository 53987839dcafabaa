//! The last argument is no `Reply` under another name.
#![allow(unused)]
use noex::prelude::*;

struct UserId(u8);

struct S;

#[gen_server]
impl S {
    #[call(deferred)]
    fn plain(&mut self, id: u64) {}
    #[call(deferred)]
    fn own(&mut self, id: UserId) {}
    #[call(deferred)]
    fn channel(&mut self, to: tokio::sync::oneshot::Sender<u8>) {}
}

async fn uses(s: SRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    s.plain(1).await?;
    s.own(UserId(1)).await?;
    Ok(())
}

fn main() {}
