// begin
use hydra::{ExitReason, From, GenServer, GenServerOptions};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    Add(i64),
    Get,
    Got(i64),
}

pub struct Counter {
    n: i64,
}

impl GenServer for Counter {
    type Message = Message;

    async fn init(&mut self) -> Result<(), ExitReason> {
        Ok(())
    }

    async fn handle_call(
        &mut self,
        message: Message,
        _: From,
    ) -> Result<Option<Message>, ExitReason> {
        match message {
            Message::Get => Ok(Some(Message::Got(self.n))),
            _ => unreachable!(),
        }
    }

    async fn handle_cast(&mut self, message: Message) -> Result<(), ExitReason> {
        match message {
            Message::Add(by) => self.n += by,
            _ => unreachable!(),
        }
        Ok(())
    }
}

pub async fn run() -> i64 {
    let options = GenServerOptions::new();
    let counter = Counter { n: 0 }.start_link(options).await.unwrap();
    Counter::cast(counter, Message::Add(5));
    match Counter::call(counter, Message::Get, None).await.unwrap() {
        Message::Got(n) => n,
        _ => unreachable!(),
    }
}
// end
