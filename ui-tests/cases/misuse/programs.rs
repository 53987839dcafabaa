use noex::prelude::*;
use noex::{Application, ChildSpec, KeyedLock};

#[derive(Clone)]
struct Key;

#[derive(Clone)]
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

supervisor! {
    pub struct Spec() {
        a: S = S::child_spec(1),
    }
}

async fn starts() {
    let _ = Application::new("app", App::start());
    let _ = ChildSpec::new("s", S::start(1));
}

async fn keys() {
    let made: KeyRegistry<String> = KeyRegistry::new();
    let keys: KeyRegistry<Key> = KeyRegistry::unique();
    let _ = keys.register(Key, ());
    let lock: KeyedLock<Key> = KeyedLock::new();
    let _ = lock.lock(Key).await;
    drop(made);
}

async fn tasks() {
    let work = noex::Task::start(async { 1 });
    let _ = work.await;
}

fn main() {}
