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

async fn number() -> u64 {
    1
}

async fn serve(_n: u64) {}

supervisor! {
    pub struct App() {
        a: S(number().await),
        b: task(serve(number().await)),
        c: task(serve(1).await),
        d: task(async { serve(number().await).await }),
    }
}

fn main() {
    let _ = App::start();
}
