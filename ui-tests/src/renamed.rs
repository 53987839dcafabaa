//! A server and a tree of a crate that knows noex by another name.

/// The other name.
mod known {
    pub(super) use noex as actors;
}

use known::actors;

/// Holds a number.
#[derive(Clone, Copy, Debug)]
pub struct Counter(u64);

#[actors::gen_server(crate = actors)]
impl Counter {
    /// Begins here.
    #[init]
    pub fn new(n: u64) -> Self {
        Self(n)
    }

    /// The number.
    #[call]
    pub fn get(&self) -> u64 {
        self.0
    }
}

actors::supervisor! {
    /// One counter.
    pub struct Counters(start: u64) {
        counter: Counter(*start),
    }
}
