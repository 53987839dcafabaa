// begin
use noex::prelude::*;

pub struct Counter {
    n: i64,
}

#[gen_server]
impl Counter {
    #[cast]
    pub fn add(&mut self, by: i64) {
        self.n += by;
    }

    #[call]
    pub fn get(&self) -> i64 {
        self.n
    }
}

pub async fn run() -> i64 {
    let counter = Counter { n: 0 }.start().await.unwrap();
    counter.add(5).unwrap();
    counter.get().await.unwrap()
}
// end
