#![allow(unused)]
use noex::prelude::*;

struct Tick;

struct S;

#[gen_server(mailbox = 5; capacity = 3, timeout = 5s, max_restarts = 3)]
impl S {
    #[call(defered)]
    fn later(&mut self, reply: Reply<u8>) {
        reply.send(1);
    }
    #[call(spwan)]
    fn beside(&self) -> impl Future<Output = u8> + Send + 'static {
        async { 1 }
    }
    #[call]
    fn lifetime<'a>(&self, of: std::borrow::Cow<'a, str>) -> u8 {
        1
    }
    #[info(Tick)]
    fn tick(&mut self) {}
    #[continuation(delay = 5s)]
    fn step(&mut self) {}
    #[terminate(timeout = 5s)]
    fn bye(&mut self) {}
}

async fn uses(s: SRef) -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
    Ok(s.later().await? + s.beside().await?)
}

fn main() {}
