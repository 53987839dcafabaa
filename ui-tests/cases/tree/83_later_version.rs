use noex::prelude::*;

pub struct S(u64);

#[gen_server]
impl S {
    #[init]
    pub fn new(n: u64) -> Self {
        Self(n)
    }
    #[call]
    pub fn get(&self) -> u64 {
        self.0
    }
}

supervisor! {
    pub struct App() {
        #[pool(size = 4, route = least_busy)]
        workers: S(1),
        #[dynamic(max = 10_000, restart = temporary)]
        sessions: S,
        #[child(backoff = 1s)]
        last: S(1),
    }
}

fn main() {
    let _ = App::start();
    let _ = async {
        let app = App::start().await.unwrap();
        (app.workers(), app.sessions())
    };
}
