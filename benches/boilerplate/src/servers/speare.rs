// begin
use speare::*;

pub struct Counter {
    n: i64,
}

pub enum Message {
    Add(i64),
    Get(Request<(), i64>),
}

impl From<Request<(), i64>> for Message {
    fn from(request: Request<(), i64>) -> Self {
        Self::Get(request)
    }
}

impl Actor for Counter {
    type Props = ();
    type Msg = Message;
    type Err = ();

    async fn init(_: &mut Ctx<Self>) -> Result<Self, ()> {
        Ok(Self { n: 0 })
    }

    async fn handle(&mut self, message: Message, _: &mut Ctx<Self>) -> Result<(), ()> {
        match message {
            Message::Add(by) => self.n += by,
            Message::Get(request) => request.reply(self.n),
        }
        Ok(())
    }
}

pub async fn run() -> i64 {
    let mut node = Node::default();
    let counter = node.actor::<Counter>(()).spawn();
    counter.send(Message::Add(5));
    counter.req(()).await.unwrap()
}
// end
