// begin
use rsactor::{Actor, ActorRef, message_handlers, spawn};

#[derive(Actor)]
pub struct Counter {
    n: i64,
}

pub struct Add(pub i64);

pub struct Get;

#[message_handlers]
impl Counter {
    #[handler]
    async fn add(&mut self, add: Add, _: &ActorRef<Self>) {
        self.n += add.0;
    }

    #[handler]
    async fn get(&mut self, _: Get, _: &ActorRef<Self>) -> i64 {
        self.n
    }
}

pub async fn run() -> i64 {
    let (counter, _) = spawn::<Counter>(Counter { n: 0 });
    counter.tell(Add(5)).await.unwrap();
    counter.ask(Get).await.unwrap()
}
// end
