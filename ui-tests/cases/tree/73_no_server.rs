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

supervisor! {
    pub struct App() {
        a: ,
        b: S,
        c: S { 0: 1 },
        d = S(1),
        e: 5,
        f: S(1).shutdown(5),
        g: Ref<S> = ,
        h: = S::child_spec(1),
        i: S(1)
    }
}

fn main() {
    let _ = App::start();
}
