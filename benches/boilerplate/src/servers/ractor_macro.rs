// begin
use ractor::{Actor, ActorProcessingErr, ActorRef, call_t};

pub struct Counter;

#[ractor::actor(message = pub enum Message, state = i64)]
impl Counter {
    async fn pre_start(&self, _: ActorRef<Message>, _: ()) -> Result<i64, ActorProcessingErr> {
        Ok(0)
    }

    #[ractor::message(Add(by))]
    fn add(&self, by: i64, n: &mut i64) {
        *n += by;
    }

    #[ractor::rpc(Get)]
    fn get(&self, n: &i64) -> i64 {
        *n
    }
}

pub async fn run() -> i64 {
    let (counter, _) = Actor::spawn(None, Counter, ()).await.unwrap();
    counter.cast(Message::Add(5)).unwrap();
    call_t!(counter, Message::Get, 1000).unwrap()
}
// end
