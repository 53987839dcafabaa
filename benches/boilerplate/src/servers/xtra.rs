// begin
use xtra::prelude::*;

#[derive(Actor)]
pub struct Counter {
    n: i64,
}

pub struct Add(pub i64);

impl Handler<Add> for Counter {
    type Return = ();

    async fn handle(&mut self, add: Add, _: &mut Context<Self>) {
        self.n += add.0;
    }
}

pub struct Get;

impl Handler<Get> for Counter {
    type Return = i64;

    async fn handle(&mut self, _: Get, _: &mut Context<Self>) -> i64 {
        self.n
    }
}

pub async fn run() -> i64 {
    let counter = xtra::spawn_tokio(Counter { n: 0 }, Mailbox::unbounded());
    let _ = counter.send(Add(5)).detach().await;
    counter.send(Get).await.unwrap()
}
// end
