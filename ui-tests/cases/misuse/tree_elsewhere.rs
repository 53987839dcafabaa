//! Trees as other languages and libraries write them.
#![allow(unused)]

use noex::prelude::*;

mod store {
    use noex::prelude::*;

    pub struct Counter(u64);

    #[gen_server]
    impl Counter {
        #[init]
        pub fn new(n: u64) -> Self {
            Counter(n)
        }
    }
}

use store::{Counter, CounterRef};

struct Cache(CounterRef);

#[gen_server]
impl Cache {
    #[init]
    fn new(counter: CounterRef) -> Self {
        Cache(counter)
    }
}

supervisor! {
    pub struct Elixir() {
        strategy: :one_for_all,
        max_restarts: 3,
        children: [Counter(1), Counter(2)],
        tuple: {Counter, 1},
        pair: (Counter, 1),
        arrow => Counter(1),
        worker(Counter, 1),
        Counter(1),
        bare: Counter 1,
        cache: Cache(arrow),
    }
}

supervisor! {
    pub struct Rust() {
        let counter = Counter(1);
        let mut other = Counter(2);
        pub(crate) visible: Counter(1),
        mut changed: Counter(1),
        child named: Counter(1),
        counter:: Counter(1),
        borrowed: &Counter(1),
        cache: Cache(counter),
    }
}

supervisor! {
    pub struct Nested() {
        { a: Counter(1) },
        web = { a: Counter(1) },
        api: struct Api() { a: Counter(1) },
        log: supervisor! { a: Counter(1) },
        #![tree(strategy = one_for_all)]
    }
}

supervisor! {
    pub struct Attributes() {
        #[restart(transient)]
        a: Counter(1),
        #[shutdown = 5s]
        b: Counter(1),
        #[max(10)]
        c: Counter(1),
        #[child(max_restarts = 3)]
        d: Counter(1),
    }
}

fn main() {
    let _ = supervisor! {
        #[tree(strategy = one_for_all)]
        a: Counter(1),
    };
}
