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

async fn serve(_text: &str) {}

supervisor! {
    pub struct App(text: String) {
        a: S(1),
        b: task(serve(text)),
    }
}

fn main() {
    let _ = App::start(String::new());
}
