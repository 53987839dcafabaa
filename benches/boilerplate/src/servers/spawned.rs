// begin
use counter_protocol::{Add, Get};
use spawned_concurrency::tasks::{Actor, ActorStart as _, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CounterProtocol: Send + Sync {
    fn add(&self, by: i64);
    fn get(&self) -> Response<i64>;
}

pub struct Counter {
    n: i64,
}

#[actor(protocol = CounterProtocol)]
impl Counter {
    #[send_handler]
    async fn handle_add(&mut self, add: Add, _: &Context<Self>) {
        self.n += add.by;
    }

    #[request_handler]
    async fn handle_get(&mut self, _: Get, _: &Context<Self>) -> i64 {
        self.n
    }
}

pub async fn run() -> i64 {
    let counter = Counter { n: 0 }.start();
    counter.add(5);
    counter.get().await.unwrap()
}
// end
