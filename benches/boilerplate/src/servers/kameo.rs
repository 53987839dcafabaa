// begin
use kameo::prelude::*;

#[derive(Actor)]
pub struct Counter {
    n: i64,
}

pub struct Add(pub i64);

impl Message<Add> for Counter {
    type Reply = ();

    async fn handle(&mut self, add: Add, _: &mut Context<Self, ()>) {
        self.n += add.0;
    }
}

pub struct Get;

impl Message<Get> for Counter {
    type Reply = i64;

    async fn handle(&mut self, _: Get, _: &mut Context<Self, i64>) -> i64 {
        self.n
    }
}

pub async fn run() -> i64 {
    let counter = Counter::spawn(Counter { n: 0 });
    counter.tell(Add(5)).await.unwrap();
    counter.ask(Get).await.unwrap()
}
// end
