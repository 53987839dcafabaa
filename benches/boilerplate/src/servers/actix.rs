// begin
use actix::prelude::*;

pub struct Counter {
    n: i64,
}

impl Actor for Counter {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "()")]
pub struct Add(pub i64);

impl Handler<Add> for Counter {
    type Result = ();

    fn handle(&mut self, add: Add, _: &mut Context<Self>) {
        self.n += add.0;
    }
}

#[derive(Message)]
#[rtype(result = "i64")]
pub struct Get;

impl Handler<Get> for Counter {
    type Result = i64;

    fn handle(&mut self, _: Get, _: &mut Context<Self>) -> i64 {
        self.n
    }
}

pub async fn run() -> i64 {
    let counter = Counter { n: 0 }.start();
    counter.do_send(Add(5));
    counter.send(Get).await.unwrap()
}
// end
