// begin
use kameo::prelude::*;

#[derive(Actor)]
pub struct Counter {
    n: i64,
}

#[messages]
impl Counter {
    #[message]
    pub fn add(&mut self, by: i64) {
        self.n += by;
    }

    #[message]
    pub fn get(&self) -> i64 {
        self.n
    }
}

pub async fn run() -> i64 {
    let counter = Counter::spawn(Counter { n: 0 });
    counter.tell(Add { by: 5 }).await.unwrap();
    counter.ask(Get).await.unwrap()
}
// end
