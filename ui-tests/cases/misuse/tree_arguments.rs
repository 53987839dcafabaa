#![allow(unused)]

use noex::prelude::*;
use std::marker::PhantomData;

struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
}

struct Needs(SRef);

#[gen_server]
impl Needs {
    #[init]
    fn new(s: SRef) -> Self {
        Needs(s)
    }
}

struct Table<K>(PhantomData<K>);

#[gen_server]
impl<K: Send + Sync + 'static> Table<K> {
    #[init]
    fn new(size: usize) -> Self {
        Table(PhantomData)
    }
}

supervisor! {
    pub struct App() {
        a: S(n: 1),
        b: S(n = 1),
        c: Needs(self.b()),
        d: Table::<_>(10),
        e: App(),
    }
}

fn main() {
    let _ = App::start();
}
