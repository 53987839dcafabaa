#![allow(unused)]

use noex::prelude::*;

struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
}

supervisor! {
    Nameless(n: u64) { a: S(*n) }
}

supervisor! {
    pub supervisor Keyword() { a: S(1) }
}

supervisor! {
    pub struct Trait: Supervisor { a: S(1) }
}

supervisor! {
    pub struct Returns() -> Supervisor { a: S(1) }
}

supervisor! {
    pub struct Where(n: u64) where u64: Clone { a: S(*n) }
}

supervisor! {
    pub struct Default(n: u64 = 4) { a: S(1) }
}

supervisor! {
    struct "Quoted" { a: S(1) }
}

supervisor! {
    pub struct Twice() { a: S(1) }
}

supervisor! {
    pub struct Twice(n: u64) { a: S(*n) }
}

mod elsewhere {
    use super::S;

    noex::supervisor! {
        pub struct Twice() { a: S(1) }
    }
}

async fn uses() {
    let _ = Nameless::start(1).await;
    let _ = Keyword::start().await;
    let _ = Trait::start().await;
    let _ = Returns::start().await;
    let _ = Where::start(1).await;
    let _ = Twice::start().await;
    let _ = elsewhere::Twice::start().await;
}

fn main() {}
