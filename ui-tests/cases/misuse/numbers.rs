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
    pub struct App(n: u32) {
        #[pool(size = "8")]
        a: S(1),
        #[pool(size = 4.0)]
        b: S(1),
        #[dynamic(max = "many")]
        c: S,
        #[child(shutdown = "5s")]
        d: S(1),
        #[child(backoff = (100ms, 30s))]
        e: S(1),
        #[child(backoff = 100ms..=30s)]
        f: S(1),
        #[child(backoff = exponential)]
        g: S(1),
    }
}

supervisor! {
    #[tree(intensity = 3.5 in 5s)]
    pub struct Intensities() {
        #[tree(intensity = 10 / 60s)]
        a: { a: S(1) },
        #[tree(intensity = 3 per 5s)]
        b: { a: S(1) },
        #[tree(intensity = (5, 30))]
        c: { a: S(1) },
        #[tree(intensity = "3 in 5s")]
        d: { a: S(1) },
        #[tree(max_restarts = 10, max_seconds = 60)]
        e: { a: S(1) },
    }
}

supervisor! {
    pub struct Sized(n: u32) {
        #[pool(size = n)]
        a: S(1),
    }
}

fn main() {}
