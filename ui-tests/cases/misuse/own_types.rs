//! Types of the user's own that cannot cross threads.

use noex::prelude::*;
use std::rc::Rc;
struct Mine(Rc<u8>);
struct Other(Rc<u8>);
#[derive(Debug)]
struct Bad(Rc<u8>);
struct Fine(u8);
struct Step(Rc<u8>);
struct S;
#[gen_server]
impl S {
    #[call]
    async fn take(&mut self, m: Mine, f: Fine) -> Fine { tokio::task::yield_now().await; let _ = m.0; f }
    #[call]
    async fn again(&mut self, m: Mine) { tokio::task::yield_now().await; let _ = m.0; }
    #[call]
    fn other(&mut self) -> Result<Fine, Bad> { Err(Bad(Rc::new(1))) }
    #[call(deferred)]
    fn later(&mut self, reply: Reply<Other>) { reply.send(Other(Rc::new(1))) }
    #[call(spawn)]
    fn beside(&self) -> impl Future<Output = Option<Mine>> + Send + 'static { async { None } }
    #[info]
    fn note(&mut self, o: Other) { let _ = o.0; }
    #[continuation]
    fn step(&mut self, s: Step) { let _ = s.0; }
    #[call]
    fn get(&self) -> u64 { 1 }
}

async fn client(s: SRef) -> Result<u64, CallError> {
    let other = s.clone();
    tokio::spawn(async move { other.get().await });
    s.get().await
}

fn main() {}
