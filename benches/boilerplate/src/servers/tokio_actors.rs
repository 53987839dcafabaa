// begin
use tokio_actors::ActorResult;
use tokio_actors::actor::{Actor, ActorExt, context::ActorContext};

pub struct Counter {
    n: i64,
}

pub enum Message {
    Add(i64),
    Get,
}

impl Actor for Counter {
    type Message = Message;
    type Response = i64;

    async fn handle(&mut self, message: Message, _: &mut ActorContext<Self>) -> ActorResult<i64> {
        if let Message::Add(by) = message {
            self.n += by;
        }
        Ok(self.n)
    }
}

pub async fn run() -> i64 {
    let counter = Counter { n: 0 }.spawn().await.unwrap();
    counter.notify(Message::Add(5)).await.unwrap();
    counter.send(Message::Get).await.unwrap()
}
// end
