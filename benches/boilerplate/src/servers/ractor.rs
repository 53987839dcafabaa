// begin
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, call_t};

pub struct Counter;

pub enum Message {
    Add(i64),
    Get(RpcReplyPort<i64>),
}

impl Actor for Counter {
    type Msg = Message;
    type State = i64;
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Message>, _: ()) -> Result<i64, ActorProcessingErr> {
        Ok(0)
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        message: Message,
        n: &mut i64,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Add(by) => *n += by,
            Message::Get(reply) => reply.send(*n)?,
        }
        Ok(())
    }
}

pub async fn run() -> i64 {
    let (counter, _) = Actor::spawn(None, Counter, ()).await.unwrap();
    counter.cast(Message::Add(5)).unwrap();
    call_t!(counter, Message::Get, 1000).unwrap()
}
// end
