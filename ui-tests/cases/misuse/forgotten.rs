#![deny(unused_must_use)]

use noex::prelude::*;
use noex::{Application, Config, Program};

struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! {
    pub struct App() {
        a: S(1),
    }
}

async fn runs() {
    Application::new("app", App::start).run().await;
    let program = Program::new().with(Application::new("app", App::start));
    program.run().await;
    Config::new().environment("APP_").layer(|_| None);
}

fn main() {
    let _ = runs();
}
